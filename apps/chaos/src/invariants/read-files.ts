import { createHash } from 'node:crypto';
import { call } from '../call.js';
import type { System } from '../system/system.js';
import type { GenerationRow } from './evidence.js';

/** The file of a succeeded generation, as a client gets it. */
export interface DownloadedFile {
  generationId: string;
  status: number;
  sha256: string;
  /** The upstream writes the video's own id into each file. */
  isOwn: boolean;
}

const AT_ONCE = 8;

export async function readFiles({ sluice }: System, rows: readonly GenerationRow[]): Promise<DownloadedFile[]> {
  const { gateway, apiKey } = await sluice.run();
  const rest = rows.filter(({ state }) => state === 'succeeded').values();
  const files: DownloadedFile[] = [];
  const lane = async (): Promise<void> => {
    for (const { id, operation_key: operation } of rest) {
      const url = `${gateway}/v1/videos/${id.replace(/^gen_/, 'video_')}/content`;
      const { status, bytes } = await call({ url, headers: { authorization: `Bearer ${apiKey}` } });
      files.push({
        generationId: id,
        status,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        isOwn: operation !== null && bytes.includes(`${operation} `),
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return files;
}
