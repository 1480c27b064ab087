import type { CallContext } from '../http/call-context.js';
import type { DecodedCall } from './dialect-endpoint.js';

/** How a call came. */
export interface CalledWith {
  context: CallContext;
  body: unknown;
  header(name: string): string | undefined;
}

/** What is done around the calls of several dialects. Answers the same call, at once, where it is no business of its. */
export type AroundCall = (call: DecodedCall, called: CalledWith) => DecodedCall | Promise<DecodedCall>;

export const inTurn =
  (first: AroundCall, then: AroundCall): AroundCall =>
  (call, called) => {
    const done = first(call, called);
    return done instanceof Promise ? awaited(done, (next) => then(next, called)) : then(done, called);
  };

async function awaited(done: Promise<DecodedCall>, then: (call: DecodedCall) => DecodedCall | Promise<DecodedCall>) {
  return then(await done);
}
