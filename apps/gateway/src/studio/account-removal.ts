import { DURABLE_KINDS, type DurableGeneration, isFinal } from '@sluice/contracts/durable-generation';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import type { StudioAccounts } from '@sluice/domain-studio/studio-accounts';
import { ownerIdOf } from '@sluice/domain-studio/studio-user';
import type { UserRepository } from '@sluice/domain-studio/user-repository';

export interface AccountRemovalOptions {
  accounts: Pick<StudioAccounts, 'close'>;
  users: Pick<UserRepository, 'listClosed' | 'delete'>;
  generations: DurableGenerations;
  store: MediaStore;
}

const PAGE = 100;

/** Takes users and all that they made out of the world. What cannot go at once goes later, whoever restarts meanwhile. */
export class AccountRemoval {
  constructor(private readonly options: AccountRemovalOptions) {}

  async remove(userId: string): Promise<'done' | 'begun'> {
    // First: from then on nothing of theirs can begin.
    await this.options.accounts.close(userId);
    return this.clear(userId);
  }

  /** Goes on with those that were begun. */
  async goOn(): Promise<void> {
    for (const userId of await this.options.users.listClosed(PAGE)) await this.clear(userId);
  }

  private async clear(userId: string): Promise<'done' | 'begun'> {
    const { generations, users } = this.options;
    const ownerKeyId = ownerIdOf(userId);
    let after: string | undefined;
    let left = 0;
    for (;;) {
      const page = await generations.list({ ownerKeyId, kinds: DURABLE_KINDS, limit: PAGE, ...(after && { after }) });
      for (const generation of page ?? []) left += (await this.removeOne(generation)) ? 0 : 1;
      after = page?.at(-1)?.id;
      if (after === undefined) break;
    }
    if (left > 0) return 'begun';
    await users.delete(userId);
    return 'done';
  }

  /** False for one that its upstream has to be told of first. */
  private async removeOne(generation: DurableGeneration): Promise<boolean> {
    const { generations, store } = this.options;
    const { id, ownerKeyId } = generation;
    if (!isFinal(generation.state)) await generations.cancel(id, ownerKeyId);
    const outcome = await generations.remove({
      id,
      ownerKeyId,
      deleteFiles: async ({ files }) => {
        for (const { media } of files) await store.delete(media.key);
      },
    });
    return outcome !== 'running';
  }
}
