import type { CharacterRequest } from '@sluice/contracts/character';
import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { Operation } from '@sluice/contracts/operation';
import { present } from '@sluice/contracts/present';
import type { Job, JobStep, OperationStep } from '@sluice/upstream-kit/job';
import type { AccountContext, UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { randomUUID } from 'node:crypto';
import type { ApiCredential } from './sora.credential.js';
import { encodeForm } from './sora.multipart.js';
import { isOverdue, noteMissing } from './sora.missing.js';
import { readOperation, toOperation } from './sora.operation.js';
import { callJson } from './sora.request.js';

const PATH = '/videos/characters';
const LONGEST_NAME = 80;
const UNNAMED = 'Character';
/** Of a vendor that has no such path. */
const ABSENT = new Set([404, 405, 501]);
const AT_ONCE = 8;

/** Characters at a vendor: one call makes one. Who loses its answer cannot look it up, and makes no second one. */
export const apiCharacter: Job<'character', ApiCredential> = {
  start,
  poll: async (operations, context) => {
    const steps: OperationStep[] = [];
    for (let from = 0; from < operations.length; from += AT_ONCE)
      steps.push(...(await Promise.all(operations.slice(from, from + AT_ONCE).map((one) => look(one, context)))));
    return steps;
  },
};

async function* start(
  request: CharacterRequest,
  context: UpstreamContext<ApiCredential>,
): AsyncGenerator<JobStep, void, undefined> {
  const { from } = request;
  refuseUnknown(request);
  if (from.type !== 'film') throw unsupported('generation_id', 'This vendor makes characters of films that are sent.');
  const form = encodeForm({
    fields: { name: nameOf(request) },
    files: [{ name: 'video', media: from.media }],
    boundary: `sluice-${context.generationId}-${randomUUID()}`,
    readMedia: (media) => context.readMedia(media),
  });
  const headers = { ...form.headers, 'idempotency-key': context.generationId };
  const { json } = await callJson({ method: 'POST', path: PATH, headers, body: form.body }, context).catch(asAbsent);
  const id = textIn(json, 'id');
  if (id === undefined)
    throw new GatewayError('upstream_bad_answer', 'The upstream made a character without telling its id.', {
      saw: 'unknown',
    });
  // What was made is there at once: the first look tells it.
  yield { type: 'accepted', operation: toOperation({ id, acceptedAtMs: context.clock.now() }), pollAfterMs: 0 };
}

async function look(operation: Operation, context: AccountContext<ApiCredential>): Promise<OperationStep> {
  const { id } = readOperation(operation);
  try {
    const { json } = await callJson({ method: 'GET', path: `${PATH}/${encodeURIComponent(id)}` }, context);
    return doneStep(operation, json);
  } catch (thrown) {
    if (toGatewayError(thrown).data.upstreamStatus !== 404) throw thrown;
    const noted = noteMissing(readOperation(operation), context.clock.now());
    if (!isOverdue(noted, context.clock.now())) return { type: 'running', operation: toOperation(noted) };
    const message = 'The upstream does not know this character any more.';
    return { type: 'failed', operation, error: { code: 'upstream_error', message, saw: 'refused', reason: 'expired' } };
  }
}

function doneStep(operation: Operation, told: Json): OperationStep {
  const { id } = readOperation(operation);
  const facts = { kind: 'videos-api', characterId: id, ...present({ displayName: textIn(told, 'name') }) };
  return { type: 'done', operation, files: [], facts };
}

/** The protocol has a film and a name. */
function refuseUnknown(request: CharacterRequest): void {
  const { username, timestamps, instructions, safetyInstructions, isPublic } = request;
  const asked = { username, timestamps, instruction_set: instructions, safety_instruction_set: safetyInstructions };
  const param =
    Object.entries(asked).find(([, value]) => value !== undefined)?.[0] ?? (isPublic ? 'public' : undefined);
  if (param !== undefined) throw unsupported(param, `The videos protocol knows no '${param}' of a character.`);
}

function nameOf({ displayName = UNNAMED }: CharacterRequest): string {
  if (displayName.length <= LONGEST_NAME) return displayName;
  throw unsupported('name', `The videos protocol takes names of at most ${LONGEST_NAME} characters.`);
}

function asAbsent(thrown: unknown): never {
  const { data } = toGatewayError(thrown);
  if (data.saw !== 'refused' || !ABSENT.has(data.upstreamStatus ?? 0)) throw thrown;
  throw new GatewayError('unsupported', 'This vendor makes no characters.', {
    saw: 'refused',
    param: 'model',
    cause: thrown,
  });
}

function unsupported(param: string, message: string): GatewayError {
  return new GatewayError('unsupported', message, { saw: 'nothing', param });
}

function textIn(json: Json, name: string): string | undefined {
  const value = isJsonObject(json) ? json[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
