import { GatewayError } from '@sluice/contracts/gateway-error';
import type { TendCredential, TendedCredential } from '@sluice/contracts/jobs';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';

export type CharacterAction = Extract<
  TendCredential['action'],
  'remove-character' | 'share-character' | 'find-characters'
>;

export function isAboutCharacters(action: TendCredential['action']): action is CharacterAction {
  return action === 'remove-character' || action === 'share-character' || action === 'find-characters';
}

/** Does to a finished character, or with those of an account, what its owner asked for. Each can be done twice. */
export async function tendCharacter<Credential>(
  { jobs, characters, manifest }: Pick<Upstream<Credential>, 'jobs' | 'characters' | 'manifest'>,
  { action, character = {} }: { action: CharacterAction; character: TendCredential['character'] },
  context: AccountContext<Credential>,
): Promise<Pick<TendedCredential, 'isUsable' | 'found'>> {
  const { operation = {}, isPublic = false, username = '' } = character;
  if (action === 'remove-character' && jobs?.character?.cancel) {
    await jobs.character.cancel(operation, context);
    return { isUsable: true };
  }
  if (action !== 'remove-character' && characters) {
    if (action === 'find-characters') return { isUsable: true, found: await characters.search(username, context) };
    await characters.share(operation, { isPublic }, context);
    return { isUsable: true };
  }
  throw new GatewayError('unsupported', `Upstream '${manifest.id}' keeps no characters.`);
}
