import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { doubtRefusal } from '@sluice/upstream-kit/doubt-refusal';
import type { Job, JobStep, MadeFile } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { readVendorError } from '@sluice/wire-openai-chat/decode-error';
import type { XaiCredential } from './grok.credential.js';
import { judge } from './xai.error.js';
import { imageFields, ignoredFields } from './xai.image-request.js';
import { postJson } from './xai.request.js';

type Context = UpstreamContext<XaiCredential>;

/** A picture takes seconds, ten of the best ones a minute or two. */
const HEADERS_TIMEOUT_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;

/** Pictures come with the answer to the call that asks for them. */
export const xaiImage: Job<'image', XaiCredential> = { isAttended: true, start };

async function* start(request: ImageRequest, context: Context): AsyncGenerator<JobStep, void, undefined> {
  const isEdit = (request.pictures ?? []).length > 0;
  const body = await imageFields(request, context);
  const path = isEdit ? '/images/edits' : '/images/generations';
  const answer = await postJson({ path, body, headersTimeoutMs: HEADERS_TIMEOUT_MS }, context).catch(doubtRefusal);
  const made = readImages(answer, context.clock.now());
  const ignored = ignoredFields(request, context.model);
  yield {
    type: 'done',
    operation: { id: context.generationId },
    files: made.map(({ file }) => file),
    facts: {
      revisedPrompts: made.map(({ revisedPrompt }) => revisedPrompt),
      ...(ignored.length > 0 && { ignored }),
    },
  };
}

interface Made {
  file: MadeFile;
  revisedPrompt: string | null;
}

function readImages(answer: Json, nowMs: number): Made[] {
  const told = readVendorError(answer);
  if (told !== undefined) throw judge(told, {});
  const data = isJsonObject(answer) ? answer['data'] : undefined;
  if (!Array.isArray(data)) throw badAnswer();
  const items = data.filter((item) => isJsonObject(item));
  const shown = items.filter((item) => item['respect_moderation'] !== false);
  const made = shown.flatMap((item) => readImage(item, nowMs));
  if (made.length > 0) return made;
  if (shown.length < items.length)
    throw new GatewayError('content_refused', 'The upstream refused to show what it made.', { saw: 'refused' });
  throw badAnswer();
}

function readImage({ b64_json: base64, url, revised_prompt: revised }: JsonObject, nowMs: number): Made[] {
  const file = fileOf({ base64, url, nowMs });
  return file === undefined
    ? []
    : [{ file, revisedPrompt: typeof revised === 'string' && revised !== '' ? revised : null }];
}

/** The vendor's URLs are temporary. */
function fileOf({
  base64,
  url,
  nowMs,
}: {
  base64: Json | undefined;
  url: Json | undefined;
  nowMs: number;
}): MadeFile | undefined {
  if (typeof base64 === 'string' && base64 !== '') return { role: 'result', bytes: Buffer.from(base64, 'base64') };
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  return present({ role: 'result' as const, url, needsCredential: false, expiresAtMs: nowMs + HOUR_MS });
}

function badAnswer(): GatewayError {
  return new GatewayError('upstream_bad_answer', 'The upstream answered without a picture.', { saw: 'unknown' });
}
