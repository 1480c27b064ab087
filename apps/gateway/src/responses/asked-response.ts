import type { NewResponse } from '@sluice/domain-responses/stored-response';
import { decodeRequest, type DecodedRequest } from '@sluice/wire-openai-responses/decode-request';
import { encodeFrame, type ResponseFrame } from '@sluice/wire-openai-responses/encode-frame';
import { toResponseId } from '@sluice/wire-openai-responses/item-id';
import { keepInputItems } from '@sluice/wire-openai-responses/list-input-items';
import { parseRequest, type ParsedRequest } from '@sluice/wire-openai-responses/parse-request';
import type { EarlierItems, FoundItems } from './earlier-items.js';
import { toStoredFrame } from './response-frame.js';

/** A request that is right, with what it names of earlier ones. */
export interface AskedResponse {
  parsed: ParsedRequest;
  found: FoundItems;
  decoded: DecodedRequest;
  ownerKeyId: string;
}

/** Which generation answers it. */
export interface AnsweredBy {
  generationId: string;
  createdAtMs: number;
  /** Whoever makes its text of the parts puts what it was found in at the end. */
  showsSources?: boolean;
}

/** Throws `GatewayError` for whatever is wrong with it. */
export async function readAsked(
  body: unknown,
  { earlier, keyId }: { earlier: EarlierItems; keyId: string },
): Promise<AskedResponse> {
  const parsed = parseRequest(body);
  const found = await earlier.find(parsed, keyId);
  return { parsed, found, decoded: decodeRequest(parsed, found), ownerKeyId: keyId };
}

export function frameFor({ parsed }: AskedResponse, { generationId, createdAtMs }: AnsweredBy): ResponseFrame {
  const createdSeconds = Math.floor(createdAtMs / 1000);
  return encodeFrame(parsed.body, { id: toResponseId(generationId), createdSeconds });
}

/** What is kept of it before its answer. */
export function toNewResponse(asked: AskedResponse, by: AnsweredBy): NewResponse {
  const { parsed, found, ownerKeyId } = asked;
  const id = toResponseId(by.generationId);
  const items = parsed.items.map((item) =>
    item.type === 'item_reference' ? (found.referenced.get(item.id) ?? item) : item,
  );
  return {
    id,
    ownerKeyId,
    createdAtMs: by.createdAtMs,
    previousResponseId: parsed.previousResponseId,
    frame: { ...toStoredFrame(frameFor(asked, by)), ...(by.showsSources && { showsSources: true }) },
    input: keepInputItems(items, id),
  };
}
