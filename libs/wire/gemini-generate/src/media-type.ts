/** Names that are met, and that Google does not know. */
const ALIASES = new Map(
  Object.entries<string>({
    'image/jpg': 'image/jpeg',
    'image/pjpeg': 'image/jpeg',
    'audio/x-wav': 'audio/wav',
    'audio/wave': 'audio/wav',
    'audio/vnd.wave': 'audio/wav',
    'audio/x-flac': 'audio/flac',
    'audio/x-aiff': 'audio/aiff',
    'audio/x-m4a': 'audio/m4a',
    'video/x-m4v': 'video/mp4',
    'video/mov': 'video/quicktime',
    'video/x-msvideo': 'video/avi',
    'application/x-pdf': 'application/pdf',
  }),
);

/** Endings of file names, for bytes that nobody gave a type. */
const BY_ENDING = new Map(
  Object.entries<string>({
    png: 'image/png',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    webp: 'image/webp',
    heic: 'image/heic',
    heif: 'image/heif',
    wav: 'audio/wav',
    mp3: 'audio/mpeg',
    aac: 'audio/aac',
    ogg: 'audio/ogg',
    flac: 'audio/flac',
    aiff: 'audio/aiff',
    m4a: 'audio/m4a',
    mp4: 'video/mp4',
    m4v: 'video/mp4',
    mov: 'video/quicktime',
    avi: 'video/avi',
    webm: 'video/webm',
    mpeg: 'video/mpeg',
    mpg: 'video/mpeg',
    wmv: 'video/wmv',
    flv: 'video/x-flv',
    '3gp': 'video/3gpp',
    pdf: 'application/pdf',
    txt: 'text/plain',
    md: 'text/markdown',
    csv: 'text/csv',
    html: 'text/html',
    xml: 'text/xml',
    json: 'application/json',
  }),
);

const UNKNOWN = 'application/octet-stream';

/** What Google calls it; the file's name tells the type of what has none. */
export function mediaTypeFor(told: string | undefined, name: string | undefined): string | undefined {
  const [mediaType = ''] = (told ?? '').toLowerCase().split(';', 1);
  if (mediaType !== '' && mediaType !== UNKNOWN) return ALIASES.get(mediaType.trim()) ?? mediaType.trim();
  const ending = /\.([a-z\d]+)$/i.exec(name ?? '')?.[1]?.toLowerCase();
  return (ending === undefined ? undefined : BY_ENDING.get(ending)) ?? (mediaType === '' ? undefined : mediaType);
}
