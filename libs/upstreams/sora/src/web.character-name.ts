import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import { createHash } from 'node:crypto';
import type { CharacterOperation } from './web.character-operation.js';
import { callWebJson, type WebAccount } from './web.request.js';

const NAMES_TRIED = 5;
const ENDING_DIGITS = 4;
const UNNAMED = 'character';

export async function isNameFree(username: string, context: WebAccount): Promise<boolean> {
  const answer = await callWebJson({ path: '/project_y/profile/username/check', body: { username } }, context);
  return isJsonObject(answer) && answer['available'] === true;
}

/** Its owner's word, else the site's own proposal, which is always tried with the same endings. Undefined: none is free. */
export async function chooseName(
  { id, wish, taken = [] }: CharacterOperation,
  hint: string | undefined,
  context: WebAccount,
): Promise<string | undefined> {
  if (wish?.username !== undefined) return taken.includes(wish.username) ? undefined : wish.username;
  const plain = nameIn(hint);
  for (let number = 0; number < NAMES_TRIED; number += 1) {
    const username = number === 0 ? plain : `${plain}${endingOf(id, number)}`;
    if (!taken.includes(username) && (await isNameFree(username, context))) return username;
  }
  return undefined;
}

/** `owner.name` is proposed. */
function nameIn(hint: string | undefined): string {
  const last = hint?.split('.').at(-1)?.trim() ?? '';
  return last === '' ? UNNAMED : last;
}

function endingOf(id: string, number: number): string {
  const digest = createHash('sha256').update(`${id} ${number}`).digest().readUInt32BE(0);
  return String(digest % 10 ** ENDING_DIGITS).padStart(ENDING_DIGITS, '0');
}

export function noName(username: string | undefined): GatewayError {
  if (username === undefined)
    return new GatewayError('upstream_error', 'The website takes none of the names for this character.', {
      saw: 'refused',
    });
  const message = `The website gave the name '${username}' to somebody else meanwhile.`;
  return new GatewayError('invalid_request', message, { saw: 'refused', param: 'username', reason: 'username_taken' });
}
