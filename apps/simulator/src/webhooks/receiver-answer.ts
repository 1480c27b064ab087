import { SimulatedFailure } from '../simulated-failure.js';

/** What the receiver does with one delivery. */
export type ReceiverAnswer =
  | { kind: 'status'; status: number }
  /** Well, but late. */
  | { kind: 'slow'; delayMs: number }
  /** Takes it and says nothing. */
  | { kind: 'hang' }
  /** Ends the connection without a word. */
  | { kind: 'cut' }
  /** To its own path: whoever follows is seen. */
  | { kind: 'redirect' }
  /** An answer without an end. */
  | { kind: 'huge' };

/**
 * The answers that a URL asks for, in their order and once for every delivery of an event; the last one for all that come
 * after: `?answers=500,slow:2000,hang,cut,redirect,huge,410,200`.
 */
export function readReceiverAnswers(text: string | null): ReceiverAnswer[] {
  return text ? text.split(',').map(readAnswer) : [{ kind: 'status', status: 200 }];
}

function readAnswer(text: string): ReceiverAnswer {
  const [kind = '', value = ''] = text.split(':');
  if (/^[2-5]\d\d$/.test(kind)) return { kind: 'status', status: Number(kind) };
  if (kind === 'slow' && /^\d+$/.test(value)) return { kind, delayMs: Number(value) };
  if (kind === 'hang' || kind === 'cut' || kind === 'redirect' || kind === 'huge') return { kind };
  throw new SimulatedFailure('invalid-request', { status: 400, message: `No receiver answers '${text}'.` });
}
