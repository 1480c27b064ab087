import type { Exchange } from '../http/exchange.js';
import type { HandlerContext } from '../vendor.js';
import { chooseFault } from './choose-fault.js';
import type { Fault } from './fault.js';
import { preempt } from './preempt.js';

export interface Admission {
  /** The exchange is over: the fault left nothing to reply. */
  readonly answered: boolean;
  readonly fault: Fault | undefined;
}

const plain: Admission = { answered: false, fault: undefined };

/** Checks the caller's key, chooses the fault and plays what comes before a reply. */
export function admit(
  exchange: Exchange,
  { state, vendor }: HandlerContext,
  subject: { model: string; prompt: string; bodyBytes?: number },
): Admission | Promise<Admission> {
  const { key, method } = exchange.record;
  state.journal.describe(exchange.record, { bodyBytes: 0, ...subject });
  if (key !== undefined) {
    state.keys.admit(key);
    state.quotas.admit(key, subject.model);
  }
  const fault = chooseFault(state, { path: exchange.path, method, key, model: subject.model, prompt: subject.prompt });
  if (fault === undefined) return plain;
  return preempt(exchange, fault, vendor).then((answered) => ({ answered, fault }));
}
