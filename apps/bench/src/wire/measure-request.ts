import type { JsonObject } from '@sluice/contracts/json';
import { percentilesOf } from '../measure/percentiles.js';
import type { BenchClient } from './clients.js';
import { bodyOfLength } from './conversation.js';
import type { BenchUpstream } from './upstreams.js';

export interface RequestFigures {
  bodyLength: number;
  /** From the client's body, parsed, to the upstream's, not yet written. */
  translation: Times;
  /** Beside it, and not in it. */
  parse: Times;
  stringify: Times;
}

export interface Times {
  p50Ms: number;
  p99Ms: number;
}

const BODY_LENGTH = 200_000;
const WARM_UPS = 60;
const REPETITIONS = 300;

/** Each time on a body of its own: what one run has made lazily is of no use to the next. */
export function measureRequest(client: BenchClient, upstream: BenchUpstream): RequestFigures {
  const text = JSON.stringify(bodyOfLength(BODY_LENGTH, client.bodyOf));
  const parse: number[] = [];
  const translation: number[] = [];
  const stringify: number[] = [];
  for (let run = -WARM_UPS; run < REPETITIONS; run += 1) {
    const [body, parseMs] = timed(() => JSON.parse(text) as JsonObject);
    const [encoded, translationMs] = timed(() => upstream.encode(client.decode(body)));
    const [, stringifyMs] = timed(() => JSON.stringify(encoded));
    if (run < 0) continue;
    parse.push(parseMs);
    translation.push(translationMs);
    stringify.push(stringifyMs);
  }
  return {
    bodyLength: text.length,
    translation: timesOf(translation),
    parse: timesOf(parse),
    stringify: timesOf(stringify),
  };
}

function timed<Made>(make: () => Made): [Made, number] {
  const startedAt = performance.now();
  const made = make();
  return [made, performance.now() - startedAt];
}

function timesOf(samples: readonly number[]): Times {
  const percentiles = percentilesOf(samples);
  return { p50Ms: percentiles?.p50 ?? Number.NaN, p99Ms: percentiles?.p99 ?? Number.NaN };
}
