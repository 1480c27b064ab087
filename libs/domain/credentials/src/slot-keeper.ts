import type { CredentialUse } from '@sluice/contracts/credential';
import type { CredentialDirectory } from './credential-directory.js';
import { rulesFor, windowOwner } from './lease-rule.js';
import type { LeaseStore } from './lease-store.js';
import { queueOf, type TurnGiver } from './turn-giver.js';

/** A use of a credential that a row stands for, not a process: work that goes on at the upstream by itself. */
export interface Slot {
  upstream: string;
  credentialId: string;
  use: CredentialUse;
  model: string;
  leaseId: string;
}

const SLOTS_PER_CALL = 500;

/** Keeps the leases of durable work: rows say which there are, so a loss of Redis is mended by saying it again. */
export class SlotKeeper {
  constructor(
    private readonly options: {
      directory: Pick<CredentialDirectory, 'get'>;
      leases: Pick<LeaseStore, 'renew' | 'release'>;
      turns: Pick<TurnGiver, 'start' | 'give'>;
      now(): number;
    },
  ) {}

  /** Takes the slots for one more lease time, whether or not they were there. */
  async keep(slots: readonly Slot[]): Promise<void> {
    for (let start = 0; start < slots.length; start += SLOTS_PER_CALL) {
      const some = slots.slice(start, start + SLOTS_PER_CALL);
      // Without a limit it is always put back: the work runs, whoever else was let in meanwhile.
      await this.options.leases.renew(some.map((slot) => ({ ...this.keyOf(slot), limit: 0 })));
    }
  }

  /** The work has ended: whoever has waited longest is started. */
  async free(slot: Slot): Promise<void> {
    const { directory, leases, turns } = this.options;
    const credential = directory.get(slot.credentialId);
    const waiting = await leases.release({
      ...this.keyOf(slot),
      queue: queueOf(slot),
      nextFor: credential?.shortList ?? '',
      restOwner: credential && windowOwner(credential.row),
      kind: credential?.row.kind,
      served: slot.model,
    });
    credential?.fullUntilMs.clear();
    const isStarted = waiting.next !== undefined && (await turns.start(slot, waiting.next));
    if (credential && waiting.count > 0 && !isStarted) await turns.give({ credential, uses: [slot.use], count: 1 });
  }

  private keyOf({ credentialId, use, model, leaseId }: Slot) {
    const row = this.options.directory.get(credentialId)?.row;
    const rules = row ? rulesFor(row, { use, model, nowMs: this.options.now() }) : [];
    const hasModel = rules.some(({ type }) => type === 'simultaneous');
    return { credentialId, use, leaseId, model: hasModel ? model : undefined };
  }
}
