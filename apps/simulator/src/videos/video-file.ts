import { sampleMp4 } from './sample-mp4.js';
import { samplePng } from './sample-png.js';
import type { VideoRecord } from './video-record.js';

export interface VideoFile {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

const BOX_HEAD_BYTES = 8;

/** The finished file. Each video's differs in a box that players skip, so that a mix-up shows. */
export function videoFile(record: VideoRecord, variant: string): VideoFile | undefined {
  if (variant === 'thumbnail') return { mediaType: 'image/png', bytes: samplePng };
  if (variant !== 'video') return undefined;
  const note = Buffer.from(`${record.id} ${record.model}`);
  const missing = Math.max(0, (record.fault.contentBytes ?? 0) - sampleMp4.length - BOX_HEAD_BYTES - note.length);
  const head = Buffer.alloc(BOX_HEAD_BYTES);
  head.writeUInt32BE(BOX_HEAD_BYTES + note.length + missing, 0);
  head.write('free', 4, 'latin1');
  return { mediaType: 'video/mp4', bytes: Buffer.concat([sampleMp4, head, note, Buffer.alloc(missing)]) };
}
