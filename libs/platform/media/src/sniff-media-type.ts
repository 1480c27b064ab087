/** What a file is by its first bytes; enough of them for every entry of the table. */
export const SNIFF_BYTES = 64;

/** The media type that the first bytes of a file prove, whatever its name or sender say. Undefined for a stranger. */
export function sniffMediaType(head: Uint8Array): string | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  return SIGNATURES.find(({ matches }) => matches(bytes))?.type ?? isoMediaType(bytes);
}

/** Names under which a type is declared as well. A declared type that is none of them contradicts the bytes. */
export function isSameMediaType(declared: string, proven: string): boolean {
  const name = declared.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (UNDECLARED.has(name) || name === proven) return true;
  return ALIASES[proven]?.includes(name) ?? false;
}

/** The usual ending of a file of this type, with its dot. */
export function fileExtension(mediaType: string): string {
  return EXTENSIONS[mediaType] ?? '';
}

interface Signature {
  type: string;
  matches(bytes: Buffer): boolean;
}

const text = (bytes: Buffer, start: number, end: number) => bytes.toString('latin1', start, end);
const starts = (type: string, ...magic: number[]): Signature => ({
  type,
  matches: (bytes) => bytes.subarray(0, magic.length).equals(Buffer.from(magic)),
});
const riff = (type: string, form: string): Signature => ({
  type,
  matches: (bytes) => text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === form,
});

const SIGNATURES: readonly Signature[] = [
  starts('image/png', 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  starts('image/jpeg', 0xff, 0xd8, 0xff),
  riff('image/webp', 'WEBP'),
  { type: 'image/gif', matches: (bytes) => ['GIF87a', 'GIF89a'].includes(text(bytes, 0, 6)) },
  riff('audio/wav', 'WAVE'),
  riff('video/x-msvideo', 'AVI '),
  starts('video/webm', 0x1a, 0x45, 0xdf, 0xa3),
  starts('audio/flac', 0x66, 0x4c, 0x61, 0x43),
  starts('audio/ogg', 0x4f, 0x67, 0x67, 0x53),
  starts('audio/mpeg', 0x49, 0x44, 0x33),
  // ADTS is an MPEG frame of layer 0; the others are MP3 and its elders.
  { type: 'audio/aac', matches: (bytes) => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0 },
  { type: 'audio/mpeg', matches: (bytes) => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0 },
  starts('video/mpeg', 0x00, 0x00, 0x01, 0xba),
  starts('application/pdf', 0x25, 0x50, 0x44, 0x46, 0x2d),
];

/** The brands of an ISO media file that say more than "some MP4". */
const BRANDS: Record<string, string> = {
  'qt  ': 'video/quicktime',
  'M4A ': 'audio/mp4',
  'M4B ': 'audio/mp4',
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  mif1: 'image/heic',
};

function isoMediaType(bytes: Buffer): string | undefined {
  if (text(bytes, 4, 8) !== 'ftyp') return undefined;
  return BRANDS[text(bytes, 8, 12)] ?? 'video/mp4';
}

/** What senders write who do not know; a form's part that says nothing counts as `text/plain`. */
const UNDECLARED = new Set(['', 'text/plain', 'application/octet-stream', 'binary/octet-stream', 'application/binary']);

/** Containers hold sound as well as pictures, and some types have had several names. */
const ALIASES: Record<string, readonly string[]> = {
  'image/jpeg': ['image/jpg', 'image/pjpeg'],
  'image/png': ['image/x-png', 'image/apng'],
  'audio/wav': ['audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
  'audio/flac': ['audio/x-flac'],
  'audio/ogg': ['video/ogg', 'application/ogg', 'audio/opus', 'audio/vorbis'],
  'audio/mpeg': ['audio/mp3', 'audio/mpga', 'audio/x-mp3', 'audio/x-mpeg', 'video/mpeg'],
  'audio/aac': ['audio/x-aac', 'audio/aacp', 'audio/mpeg'],
  'audio/mp4': ['audio/m4a', 'audio/x-m4a', 'video/mp4', 'audio/aac'],
  'video/mp4': ['audio/mp4', 'audio/m4a', 'audio/x-m4a', 'video/x-m4v', 'application/mp4', 'video/quicktime'],
  'video/quicktime': ['video/mp4'],
  'video/webm': ['audio/webm', 'video/x-matroska', 'audio/x-matroska'],
  'video/x-msvideo': ['video/avi', 'video/msvideo'],
};

const EXTENSIONS: Record<string, string> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
  'image/gif': '.gif',
  'image/avif': '.avif',
  'audio/wav': '.wav',
  'audio/flac': '.flac',
  'audio/ogg': '.ogg',
  'audio/mpeg': '.mp3',
  'audio/aac': '.aac',
  'audio/mp4': '.m4a',
  'video/mp4': '.mp4',
  'video/webm': '.webm',
  'video/quicktime': '.mov',
};
