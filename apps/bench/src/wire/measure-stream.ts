import type { SseEvent } from '@sluice/wire-sse/sse-event';
import { percentilesOf } from '../measure/percentiles.js';
import type { BenchClient } from './clients.js';
import type { BenchUpstream } from './upstreams.js';

export interface StreamFigures {
  parts: number;
  /** From an event's data to the text of its frames, for each part. */
  p50Micros: number;
  meanMicros: number;
  p99Micros: number;
}

const WARM_UPS = 10;
const REPETITIONS = 40;

export async function measureStream(client: BenchClient, upstream: BenchUpstream): Promise<StreamFigures> {
  const samples: number[] = [];
  for (let run = -WARM_UPS; run < REPETITIONS; run += 1) {
    const micros = await translate(client, upstream);
    if (run >= 0) samples.push(...micros);
  }
  const percentiles = percentilesOf(samples);
  return {
    parts: samples.length / REPETITIONS,
    p50Micros: percentiles?.p50 ?? Number.NaN,
    meanMicros: percentiles?.mean ?? Number.NaN,
    p99Micros: percentiles?.p99 ?? Number.NaN,
  };
}

/** What each part of one answer takes, its share of the event that it came in included. */
async function translate(client: BenchClient, upstream: BenchUpstream): Promise<number[]> {
  const encoder = client.openStream();
  const samples: number[] = [];
  let written = 0;
  let last = performance.now();
  const encode = (part: Parameters<typeof encoder.encode>[0]): void => {
    written += encoder.encode(part).length;
    const now = performance.now();
    samples.push((now - last) * 1_000);
    last = now;
  };
  for await (const part of upstream.decodeStream(eventsOf(upstream.events))) encode(part);
  encode({ type: 'succeeded' });
  if (written === 0) throw new Error(`nothing of ${upstream.name} reached ${client.name}`);
  return samples;
}

async function* eventsOf(data: readonly string[]): AsyncGenerator<SseEvent, void, undefined> {
  for (const each of data) yield { data: each };
}
