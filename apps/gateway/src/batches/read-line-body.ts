import type { JsonObject } from '@sluice/contracts/json';
import type { MediaStore } from '@sluice/contracts/media-store';
import { inputCopyKey } from '@sluice/domain-batches/batch-folder';
import type { BatchLine } from '@sluice/domain-batches/batch-line';
import { decodeLine } from '@sluice/wire-openai-files/decode-batch';

/** The body of a line's request; undefined where the file is not kept any more. */
export async function readLineBody(line: BatchLine, store: Pick<MediaStore, 'get'>): Promise<JsonObject | undefined> {
  const { batchId, position, bytes, endpoint } = line;
  const found = await store.get(inputCopyKey(batchId), { start: position, end: position + bytes - 1 });
  if (!found) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of found.body) chunks.push(chunk);
  const decoded = decodeLine(Buffer.concat(chunks).toString(), endpoint);
  return 'body' in decoded ? decoded.body : undefined;
}
