import { type ErrorData, GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';
import { present } from '@sluice/contracts/present';
import type { OperationStep } from '@sluice/upstream-kit/job';
import { type CameoStanding, lookAtCameo } from './web.cameo.js';
import { finalize, preparedProfile } from './web.character-finish.js';
import { type CharacterOperation, givenUp, readCharacter, toOperation } from './web.character-operation.js';
import { removeCharacter } from './web.character-remove.js';
import { isLost, noteMissing, noteSeen } from './web.operation.js';
import { setVisibility } from './web.character-visibility.js';
import type { WebAccount } from './web.request.js';

/** As long as the site's own page waits. */
const LONGEST_MS = 600_000;
/** A stage that has failed for so long will not be done any more. */
const MOST_MS = 2 * LONGEST_MS;
const MOST_CLEANINGS = 5;
const AT_ONCE = 8;
/** The next stage follows at once: this one only had to be written down. */
const AT_ONCE_MS = 0;

/** Each look does one stage of each character. What goes wrong with one is tried again; where nothing is heard of any, it is the account. */
export async function pollCharacters(operations: readonly Operation[], context: WebAccount): Promise<OperationStep[]> {
  const steps: (OperationStep | GatewayError)[] = [];
  for (let start = 0; start < operations.length; start += AT_ONCE)
    steps.push(...(await Promise.all(operations.slice(start, start + AT_ONCE).map((one) => stepOf(one, context)))));
  const errors = steps.filter((step) => step instanceof GatewayError);
  const [first] = errors;
  if (first && errors.length === steps.length) throw first;
  return steps.map((step, index) =>
    step instanceof GatewayError ? { type: 'running', operation: operations[index] ?? {} } : step,
  );
}

async function stepOf(operation: Operation, context: WebAccount): Promise<OperationStep | GatewayError> {
  const character = readCharacter(operation);
  try {
    return await nextStage(character, context);
  } catch (thrown) {
    const error = toGatewayError(thrown);
    const isOverdue = context.clock.now() - character.acceptedAtMs >= MOST_MS;
    return isOverdue && !isAboutAccount(error) && !character.failure ? goOn(givenUp(character, error.data)) : error;
  }
}

function isAboutAccount({ code }: GatewayError): boolean {
  return /^(?:upstream_(?:auth|forbidden|rate_limited|quota_exhausted)|challenge_required)$/.test(code);
}

async function nextStage(character: CharacterOperation, context: WebAccount): Promise<OperationStep> {
  if (character.failure) return cleanUp(character, character.failure, context);
  if (character.characterId !== undefined) return finish(character, context);
  if (character.profile) return goOn(await finalize(character, character.profile, context));
  const standing = await lookAtCameo(character.id, context);
  if (!standing) return missingStep(character, context.clock.now());
  return standing.type === 'ready'
    ? goOn(await preparedProfile(noteSeen(character), standing.hints, context))
    : waitingStep(noteSeen(character), standing, context.clock.now());
}

function goOn(character: CharacterOperation): OperationStep {
  const progress = character.characterId === undefined ? (character.profile ? 50 : undefined) : 90;
  return { type: 'running', operation: toOperation(character), pollAfterMs: AT_ONCE_MS, ...present({ progress }) };
}

function waitingStep(
  character: CharacterOperation,
  standing: Exclude<CameoStanding, { type: 'ready' }>,
  nowMs: number,
): OperationStep {
  if (standing.type === 'failed') return goOn(givenUp(character, standing.error));
  if (nowMs - character.acceptedAtMs < LONGEST_MS) return { type: 'running', operation: toOperation(character) };
  const message = 'The upstream did not get ready with this character within ten minutes.';
  return goOn(givenUp(character, { code: 'upstream_timeout', message, saw: 'refused' }));
}

function missingStep(character: CharacterOperation, nowMs: number): OperationStep {
  const noted = noteMissing(character, nowMs);
  if (!isLost(noted, nowMs)) return { type: 'running', operation: toOperation(noted) };
  const message = 'The upstream does not know this character any more.';
  return {
    type: 'failed',
    operation: toOperation(character),
    error: { code: 'upstream_error', message, saw: 'refused', reason: 'expired', upstreamCode: 'not_found' },
  };
}

/** Only then is the failure told: half a character would hold a place in the account. */
async function cleanUp(character: CharacterOperation, failure: ErrorData, context: WebAccount): Promise<OperationStep> {
  const cleanings = (character.cleanings ?? 0) + 1;
  try {
    await removeCharacter(character, context);
  } catch (thrown) {
    if (cleanings < MOST_CLEANINGS) return { type: 'running', operation: toOperation({ ...character, cleanings }) };
    const { message } = toGatewayError(thrown);
    const told = `${failure.message} What is left of it could not be removed, and may hold a place in the account: ${message}`;
    return { type: 'failed', operation: toOperation(character), error: { ...failure, message: told } };
  }
  return { type: 'failed', operation: toOperation(character), error: failure };
}

async function finish(character: CharacterOperation, context: WebAccount): Promise<OperationStep> {
  const { id, characterId = '', profile, wish } = character;
  const isPublic = wish?.isPublic ?? true;
  await setVisibility(id, isPublic, context);
  const { username, displayName, pictureUrl, instructions } = profile ?? {};
  const url = pictureUrl ?? '';
  return {
    type: 'done',
    operation: toOperation(character),
    files: url === '' ? [] : [{ url, role: 'thumbnail', needsCredential: false }],
    facts: {
      kind: 'session',
      characterId,
      cameoId: id,
      public: isPublic,
      ...present({ username, displayName, instructions }),
    },
  };
}
