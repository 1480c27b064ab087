/** What a field of a request takes: by what the bytes are, never by what they are called. `any` is for files that are kept, not read. */
export type MediaClass = 'image' | 'video' | 'audio' | 'any';

const MEBIBYTE = 1024 * 1024;

interface MediaRule {
  /** Proven types that are taken. Sound may come in a film's container. */
  types: readonly string[];
  maximumBytes: number;
  /** Where it is kept, which decides for how long. */
  folder: 'uploads' | 'files';
}

export const MEDIA_RULES: Record<MediaClass, MediaRule> = {
  image: {
    types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
    maximumBytes: 32 * MEBIBYTE,
    folder: 'uploads',
  },
  video: {
    types: ['video/mp4', 'video/quicktime', 'video/webm'],
    maximumBytes: 1024 * MEBIBYTE,
    folder: 'uploads',
  },
  audio: {
    types: [
      'audio/mpeg',
      'audio/wav',
      'audio/flac',
      'audio/ogg',
      'audio/aac',
      'audio/mp4',
      'video/mp4',
      'video/quicktime',
      'video/webm',
    ],
    maximumBytes: 256 * MEBIBYTE,
    folder: 'uploads',
  },
  any: { types: ['*/*'], maximumBytes: 2_048 * MEBIBYTE, folder: 'files' },
};

/** Decoded, every pixel is four bytes: what claims more than this is meant to hurt. */
export const IMAGE_LIMITS = { longestSide: 16_384, pixels: 100_000_000 };
