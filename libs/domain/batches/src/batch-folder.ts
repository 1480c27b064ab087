/** What batches have in the media store while they run. */
export const BATCH_FOLDER = 'batches/';

export function inputCopyKey(batchId: string): string {
  return `${BATCH_FOLDER}${batchId}/input`;
}

export function answerKey(batchId: string, number: number): string {
  return `${BATCH_FOLDER}${batchId}/${number}`;
}

export function batchOfKey(key: string): string {
  return key.slice(BATCH_FOLDER.length).split('/', 1)[0] ?? '';
}
