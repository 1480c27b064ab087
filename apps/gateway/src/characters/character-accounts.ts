import type { FoundCharacter } from '@sluice/contracts/character';
import { ERROR_CODES, type ErrorCode } from '@sluice/contracts/error-code';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { TendedCredential } from '@sluice/contracts/jobs';
import type { CredentialCalls } from '../admin/credential-calls.js';
import type { Character } from './character-view.js';

export interface CharacterAccountsOptions {
  calls: Pick<CredentialCalls, 'ofCharacter'>;
  /** Some account that can be asked who there is; undefined where there is none. */
  findSearcher(): Promise<{ id: string; upstream: string } | undefined>;
}

/** What the accounts are asked that hold finished characters. A worker asks: only it can speak to an upstream. */
export class CharacterAccounts {
  constructor(private readonly options: CharacterAccountsOptions) {}

  async remove(character: Character): Promise<void> {
    const { operation = {} } = character;
    const answer = await this.options.calls.ofCharacter(
      { action: 'remove-character', character: { operation } },
      placeOf(character),
    );
    // With the account it is gone.
    if (answer.code !== 'not_found') assertDone(answer);
  }

  async share(character: Character, isPublic: boolean): Promise<void> {
    const { operation = {} } = character;
    assertDone(
      await this.options.calls.ofCharacter(
        { action: 'share-character', character: { operation, isPublic } },
        placeOf(character),
      ),
    );
  }

  async search(username: string): Promise<readonly FoundCharacter[]> {
    const account = await this.options.findSearcher();
    if (!account) throw new GatewayError('unsupported', 'No account that is set up here can be asked who there is.');
    const answer = await this.options.calls.ofCharacter(
      { action: 'find-characters', character: { username } },
      account,
    );
    assertDone(answer);
    return answer.found ?? [];
  }
}

function placeOf({ credentialId, upstream }: Character): { id: string; upstream: string } {
  if (credentialId !== undefined && upstream !== undefined) return { id: credentialId, upstream };
  throw new GatewayError('internal', 'A character has no account.');
}

function assertDone({
  isUsable,
  code = 'upstream_error',
  message = 'The account did not do it.',
}: TendedCredential): void {
  if (!isUsable) throw new GatewayError(isCode(code) ? code : 'upstream_error', message);
}

function isCode(code: string): code is ErrorCode {
  return ERROR_CODES.some((known) => known === code);
}
