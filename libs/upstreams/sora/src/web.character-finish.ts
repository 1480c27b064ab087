import type { ErrorCode } from '@sluice/contracts/error-code';
import { type GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import type { CameoHints } from './web.cameo.js';
import { chooseName, noName } from './web.character-name.js';
import { type CharacterOperation, type CharacterProfile, givenUp } from './web.character-operation.js';
import { carryPicture } from './web.character-picture.js';
import { findByName } from './web.mentions.js';
import { callWebJson, type WebAccount } from './web.request.js';

/** What says no to this character, and to nothing else. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['invalid_request', 'not_found', 'content_refused', 'too_large']);

/** The stage before the last: its picture and its name are settled. */
export async function preparedProfile(
  character: CharacterOperation,
  hints: CameoHints,
  context: WebAccount,
): Promise<CharacterOperation> {
  try {
    const { wish } = character;
    const username = await chooseName(character, hints.username, context);
    if (username === undefined) return givenUp(character, noName(wish?.username).data);
    const profile: CharacterProfile = {
      username,
      displayName: wish?.displayName ?? hints.displayName ?? username,
      ...(await carryPicture(hints.pictureUrl, context)),
      ...present({ instructions: wish?.instructions ?? hints.instructions }),
    };
    return { ...character, profile };
  } catch (thrown) {
    return givenUp(character, refusalIn(thrown).data);
  }
}

/** The last one. A cameo becomes one character however often it is asked: an answer that was lost is told by the name. */
export async function finalize(
  character: CharacterOperation,
  profile: CharacterProfile,
  context: WebAccount,
): Promise<CharacterOperation> {
  const { id, wish } = character;
  const { username, displayName, picture } = profile;
  const body = {
    cameo_id: id,
    username,
    display_name: displayName,
    profile_asset_pointer: picture,
    instruction_set: wish?.instructions ?? null,
    safety_instruction_set: wish?.safetyInstructions ?? null,
  };
  try {
    const characterId = characterIn(await callWebJson({ path: '/characters/finalize', body }, context));
    // One that is not told is found by the next look.
    return characterId === undefined ? character : { ...character, characterId };
  } catch (thrown) {
    return afterRefusal(character, profile, { refusal: refusalIn(thrown), context });
  }
}

async function afterRefusal(
  character: CharacterOperation,
  { username }: CharacterProfile,
  { refusal, context }: { refusal: GatewayError; context: WebAccount },
): Promise<CharacterOperation> {
  // Whoever has it, this cameo has not: another one of the same account may have been first.
  if (isNameTaken(refusal)) {
    const { profile: _profile, taken = [], ...before } = character;
    return { ...before, taken: [...taken, username] };
  }
  const own = await findByName(username, context);
  return own ? { ...character, characterId: own.id } : givenUp(character, refusal.data);
}

function isNameTaken({ message, data }: GatewayError): boolean {
  return /username/i.test(data.upstreamCode ?? '') || data.param === 'username' || /username/i.test(message);
}

/** Anything else may pass, and is tried again. */
function refusalIn(thrown: unknown): GatewayError {
  const error = toGatewayError(thrown);
  if (!REFUSALS.has(error.code)) throw thrown;
  return error;
}

function characterIn(answer: Json): string | undefined {
  const character = isJsonObject(answer) ? answer['character'] : undefined;
  const id = isJsonObject(character) ? character['character_id'] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}
