import type { Clock } from '@sluice/contracts/clock';
import type { ErrorCode } from '@sluice/contracts/error-code';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { countErrors, purgeTallies, tallyEnded, type Counted } from './tally-statements.js';

export interface CredentialTallyOptions {
  postgres: Queryable;
  clock: Clock;
  logger: Logger;
  /** Credentials whose last word was an error, and how many in a row that makes. */
  onErrors(counted: readonly Counted[]): Promise<void>;
}

interface Pending {
  errors: number;
  consecutive: number;
  hasWorked: boolean;
}

const FLUSH_MS = 500;
/** What ended so lately may not be written everywhere yet. */
const SETTLED_MS = 3_000;

/**
 * What speaks against the one account. Not what the request, the network, a crowd or who guards the way is to blame for: too
 * many requests, heavy load, a challenge, a refused prompt.
 */
const COUNTED_CODES: ReadonlySet<ErrorCode> = new Set([
  'upstream_error',
  'upstream_bad_answer',
  'upstream_auth',
  'upstream_forbidden',
]);

/** Counts what credentials make and where they fail; beside the work, which waits for none of it. */
export class CredentialTally {
  private pending = new Map<string, Pending>();
  /** Of those that failed here and have not worked since. */
  private readonly faulty = new Set<string>();
  private cancelTimer: (() => void) | undefined;

  constructor(private readonly options: CredentialTallyOptions) {}

  failed(credentialId: string, code: ErrorCode): void {
    if (!COUNTED_CODES.has(code)) return;
    this.faulty.add(credentialId);
    const entry = this.entryOf(credentialId);
    entry.errors += 1;
    entry.consecutive += 1;
  }

  /** Nothing is done but where it failed before. */
  worked(credentialId: string): void {
    if (!this.faulty.delete(credentialId)) return;
    Object.assign(this.entryOf(credentialId), { consecutive: 0, hasWorked: true });
  }

  /** A chore of one process at a time: what was made, and what failed after the upstream had taken it on. */
  async countEnded(): Promise<void> {
    const { postgres, clock, onErrors } = this.options;
    const until = new Date(clock.now() - SETTLED_MS);
    const counted = await tallyEnded.all(postgres, until, [...COUNTED_CODES]);
    await onErrors(counted.filter(({ hasFailed }) => hasFailed));
  }

  async purge(): Promise<void> {
    await purgeTallies.run(this.options.postgres);
  }

  async close(): Promise<void> {
    this.cancelTimer?.();
    await this.flush();
  }

  private entryOf(credentialId: string): Pending {
    this.cancelTimer ??= this.options.clock.after(FLUSH_MS, () => void this.flush());
    const entry = this.pending.get(credentialId) ?? { errors: 0, consecutive: 0, hasWorked: false };
    this.pending.set(credentialId, entry);
    return entry;
  }

  /** What cannot be written is lost: it is a count. */
  private async flush(): Promise<void> {
    const { postgres, clock, logger, onErrors } = this.options;
    this.cancelTimer = undefined;
    const entries = [...this.pending];
    this.pending = new Map();
    if (entries.length === 0) return;
    try {
      const counted = await countErrors.all(
        postgres,
        entries.map(([id]) => id),
        entries.map(([, { errors }]) => errors),
        entries.map(([, { consecutive }]) => consecutive),
        entries.map(([, { hasWorked }]) => hasWorked),
        new Date(clock.now()),
      );
      await onErrors(counted.filter(({ hasFailed }) => hasFailed));
    } catch (error) {
      logger.warn({ err: error }, 'the errors of some credentials could not be counted');
    }
  }
}
