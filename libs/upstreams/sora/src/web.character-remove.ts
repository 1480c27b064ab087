import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { CharacterOperation } from './web.character-operation.js';
import { findByName } from './web.mentions.js';
import { callWeb, type WebAccount } from './web.request.js';

/** Takes a character, or what is there of it, out of the account: half of one holds a place there, too. What is gone is gone. */
export async function removeCharacter(operation: CharacterOperation, context: WebAccount): Promise<void> {
  const { id, characterId, profile } = operation;
  if (characterId !== undefined) return void (await remove(characterId, context));
  if ((await remove(id, context)) || !profile) return;
  // Its last stage may have been reached without our having heard of it.
  const found = await findByName(profile.username, context);
  if (found) await remove(found.id, context);
}

/** False where there is no such thing. */
async function remove(id: string, context: WebAccount): Promise<boolean> {
  try {
    const path = `/project_y/characters/${encodeURIComponent(id)}`;
    (await callWeb({ method: 'DELETE', path }, context)).discard();
    return true;
  } catch (thrown) {
    if (toGatewayError(thrown).data.upstreamStatus === 404) return false;
    throw thrown;
  }
}
