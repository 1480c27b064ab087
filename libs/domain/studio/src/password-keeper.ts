import { GatewayError } from '@sluice/contracts/gateway-error';
import { hashPassword, isPassword, type PasswordCost, PASSWORD_COST } from './password-hash.js';

/** Hashing takes threads that files need as well. */
const AT_A_TIME = 2;
const LONGEST_QUEUE = 64;
const RETRY_AFTER_MS = 2_000;

/** Makes and checks password hashes, a few at a time. To check against nobody's costs as much as against somebody's. */
export class PasswordKeeper {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly nobodys: Promise<string>;

  constructor(private readonly cost: PasswordCost = PASSWORD_COST) {
    this.nobodys = hashPassword('', cost);
  }

  hash(password: string): Promise<string> {
    return this.inTurn(() => hashPassword(password, this.cost));
  }

  async isRight(password: string, stored: string | undefined): Promise<boolean> {
    const against = stored ?? (await this.nobodys);
    const isEqual = await this.inTurn(() => isPassword(password, against));
    return isEqual && stored !== undefined;
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= AT_A_TIME) await this.queue();
    else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // The place is handed on, so that nobody takes it in between.
      if (next) next();
      else this.running -= 1;
    }
  }

  private queue(): Promise<void> {
    if (this.waiting.length >= LONGEST_QUEUE)
      throw new GatewayError('overloaded', 'Too many are logging in right now; try again in a moment.', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    return new Promise((resolve) => void this.waiting.push(resolve));
  }
}
