import type { EventEmitter } from 'node:events';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Within this time a second signal is the same Ctrl-C: the terminal sends one, and npm hands on another. */
const SAME_PRESS_MS = 2_000;

export interface StopRequest {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
  /** Aborts when it is asked for once more, later. */
  readonly atOnce: AbortSignal;
  dispose(): void;
}

export function listenForStop(source: Pick<EventEmitter, 'on' | 'off'>): StopRequest {
  const first = new AbortController();
  const atOnce = new AbortController();
  let firstAtMs = 0;
  const onSignal = (): void => {
    if (!first.signal.aborted) {
      firstAtMs = Date.now();
      first.abort(new Error('stopped'));
    } else if (Date.now() - firstAtMs > SAME_PRESS_MS) {
      atOnce.abort();
    }
  };
  for (const name of SIGNALS) source.on(name, onSignal);
  return {
    signal: first.signal,
    atOnce: atOnce.signal,
    dispose() {
      for (const name of SIGNALS) source.off(name, onSignal);
    },
  };
}
