import type { Clock } from '@sluice/contracts/clock';
import type { CredentialUse } from '@sluice/contracts/credential';
import type { CredentialDirectory } from './credential-directory.js';
import type { BegunRest } from './credential-report.js';
import { windowOwner } from './lease-rule.js';
import { MOST_AT_ONCE, type TurnGiver } from './turn-giver.js';

/** Redis and the other processes must see the rest as over, too. */
const MARGIN_MS = 20;
/** Timers know no longer times; who waits longer looks for itself. */
const LONGEST_MS = 24 * 60 * 60_000;

/** When a rest is over, those who wait for what rested are told: by the process that was told of the rest. */
export class RestEnds {
  private readonly timers = new Map<string, { atMs: number; cancel: () => void }>();

  constructor(
    private readonly options: {
      directory: Pick<CredentialDirectory, 'get' | 'membersOf'>;
      turns: Pick<TurnGiver, 'give'>;
      clock: Clock;
    },
  ) {}

  watch({ row, use, model, restMs }: BegunRest): void {
    if (restMs > LONGEST_MS || use === 'upkeep') return;
    const owner = windowOwner(row);
    this.after(restMs, `${owner} ${use} ${model}`, () => void this.tell(owner, use, model));
  }

  /** The whole credential: one tries it, and the others follow when that went well. */
  watchWhole(credentialId: string, restMs: number): void {
    if (restMs > LONGEST_MS) return;
    this.after(restMs, credentialId, () => this.tellOf(credentialId, undefined, 1));
  }

  /** It may do no more for now: when that is over, as many start as it takes. */
  watchUsedUp(credentialId: string, use: CredentialUse, forMs: number): void {
    if (forMs > LONGEST_MS || use === 'upkeep') return;
    this.after(forMs, `${credentialId} ${use}`, () => this.tellOf(credentialId, [use], undefined));
  }

  private after(restMs: number, key: string, onEnd: () => void): void {
    const atMs = this.options.clock.now() + restMs + MARGIN_MS;
    const known = this.timers.get(key);
    if (known !== undefined && known.atMs >= atMs) return;
    known?.cancel();
    const end = () => {
      this.timers.delete(key);
      onEnd();
    };
    this.timers.set(key, { atMs, cancel: this.options.clock.after(restMs + MARGIN_MS, end) });
  }

  stop(): void {
    for (const { cancel } of this.timers.values()) cancel();
    this.timers.clear();
  }

  private tellOf(credentialId: string, uses: readonly CredentialUse[] | undefined, count: number | undefined): void {
    const { directory, turns, clock } = this.options;
    const credential = directory.get(credentialId);
    if (credential === undefined || !credential.row.enabled || credential.restsUntilMs > clock.now()) return;
    void turns.give({ credential, uses, count });
  }

  /** Not more at once than one credential without a limit takes: each that goes well starts the next. */
  private async tell(owner: string, use: CredentialUse, model: string): Promise<void> {
    const { directory, turns } = this.options;
    let left = MOST_AT_ONCE;
    for (const id of directory.membersOf(owner)) {
      const credential = directory.get(id);
      if (credential === undefined || !credential.row.enabled || credential.restsUntilMs > 0) continue;
      const count = Math.min(left, credential.row.limits[use] ?? MOST_AT_ONCE);
      await turns.give({ credential, uses: [use], count, model });
      left -= count;
      if (left <= 0) return;
    }
  }
}
