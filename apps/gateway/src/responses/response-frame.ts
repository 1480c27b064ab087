import type { JsonObject } from '@sluice/contracts/json';
import type { StoredResponse } from '@sluice/domain-responses/stored-response';
import type { ResponseFrame } from '@sluice/wire-openai-responses/encode-frame';

/** The store keeps a frame without reading it; nobody but this dialect puts one in. */
export function frameOf({ frame }: Pick<StoredResponse, 'frame'>): ResponseFrame {
  return frame as unknown as ResponseFrame;
}

/** Whether its text ends with what it was found in, which its parts only name. */
export function showsSources({ frame }: Pick<StoredResponse, 'frame'>): boolean {
  return frame['showsSources'] === true;
}

export function toStoredFrame({ response, isSealed }: ResponseFrame): JsonObject {
  return { response, isSealed };
}
