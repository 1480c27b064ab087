import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from './http/exchange.js';
import type { Route } from './http/router.js';
import type { SimulatedFailure } from './simulated-failure.js';
import type { SimulatorState } from './simulator-state.js';

/** One simulated upstream protocol: a folder of its own, plugged in by this interface. */
export interface Vendor {
  readonly name: string;
  /** The first path segment(s) this vendor answers, without a slash at the end. */
  readonly prefix: string;
  readonly routes: readonly Route<Handler>[];
  /** Finds the caller's key where this protocol carries it. */
  keyOf(headers: IncomingHttpHeaders): string | undefined;
  /** The JSON body of a failure in this vendor's shape. */
  renderFailure(failure: SimulatedFailure): string;
  /** Absent where a failure's own status and headers are this vendor's too. */
  headOf?(failure: SimulatedFailure): { status: number; headers: Readonly<Record<string, string>> };
}

/** What a handler gets besides the exchange itself. */
export interface HandlerContext {
  readonly state: SimulatorState;
  readonly vendor: Vendor;
}

export type Handler = (exchange: Exchange, context: HandlerContext) => Promise<void> | void;
