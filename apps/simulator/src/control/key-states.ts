import { z } from 'zod';
import type { Clock } from '../clock.js';
import { SimulatedFailure } from '../simulated-failure.js';

const instant = z.union([z.number(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]);

export const keyStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ key: z.string().min(1), state: z.literal('accepted') }),
  z.strictObject({ key: z.string().min(1), state: z.literal('revoked') }),
  z.strictObject({ key: z.string().min(1), state: z.literal('expired') }),
  z.strictObject({
    key: z.string().min(1),
    state: z.literal('quota-exhausted'),
    /** Epoch milliseconds or an ISO 8601 instant; without it, for ever. */
    until: instant.optional(),
  }),
  z.strictObject({
    key: z.string().min(1),
    state: z.literal('rate-limited'),
    limit: z.number().int().min(0),
    windowMs: z.number().int().min(1),
  }),
]);

export type KeyState = z.infer<typeof keyStateSchema>;
type RateLimit = Extract<KeyState, { state: 'rate-limited' }>;

interface Window {
  startedAt: number;
  used: number;
}

/** What the operator declared about single keys; a key not mentioned is accepted. */
export class KeyStates {
  readonly #states = new Map<string, KeyState>();
  readonly #windows = new Map<string, Window>();

  constructor(readonly clock: Clock) {}

  declare(state: KeyState): void {
    this.#windows.delete(state.key);
    if (state.state === 'accepted') this.#states.delete(state.key);
    else this.#states.set(state.key, state);
  }

  clear(): void {
    this.#states.clear();
    this.#windows.clear();
  }

  /** Throws the failure that a call with this key deserves, and counts the call against its limit. */
  admit(key: string): void {
    const state = this.#states.size === 0 ? undefined : this.#states.get(key);
    if (state === undefined || state.state === 'accepted') return;
    if (state.state === 'rate-limited') return this.#admitWithin(state);
    if (state.state === 'quota-exhausted') {
      if (this.clock() < (state.until ?? Infinity)) throw quotaExhausted();
      return;
    }
    throw badKey(state.state, key);
  }

  #admitWithin(state: RateLimit): void {
    const now = this.clock();
    let window = this.#windows.get(state.key);
    if (window === undefined || now >= window.startedAt + state.windowMs) {
      this.#windows.set(state.key, (window = { startedAt: now, used: 0 }));
    }
    window.used += 1;
    if (window.used > state.limit) throw rateLimited(state, window.startedAt + state.windowMs - now);
  }
}

function quotaExhausted(): SimulatedFailure {
  return new SimulatedFailure('quota-exhausted', {
    status: 429,
    message: 'You exceeded your current quota, please check your plan and billing details.',
  });
}

function badKey(state: 'revoked' | 'expired', key: string): SimulatedFailure {
  const message = state === 'revoked' ? 'Incorrect API key provided' : 'The API key provided has expired';
  return new SimulatedFailure(`${state}-key`, { status: 401, message: `${message}: …${key.slice(-4)}.` });
}

function rateLimited(state: RateLimit, waitMs: number): SimulatedFailure {
  const waitSeconds = Math.ceil(waitMs / 1000);
  return new SimulatedFailure('rate-limited', {
    status: 429,
    message: `Rate limit reached: limit ${state.limit} requests in ${state.windowMs} ms. Please try again in ${waitMs} ms.`,
    headers: {
      'retry-after': String(waitSeconds),
      'retry-after-ms': String(waitMs),
      'x-ratelimit-limit-requests': String(state.limit),
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': `${waitMs}ms`,
    },
  });
}
