import type { JsonObject } from '@sluice/contracts/json';
import type { StoredResponse } from '@sluice/domain-responses/stored-response';
import type { ResponseFrame } from '@sluice/wire-openai-responses/encode-frame';

/** The store keeps a frame without reading it; nobody but this dialect puts one in. */
export function frameOf({ frame }: Pick<StoredResponse, 'frame'>): ResponseFrame {
  return frame as unknown as ResponseFrame;
}

export function toStoredFrame({ response, isSealed }: ResponseFrame): JsonObject {
  return { response, isSealed };
}
