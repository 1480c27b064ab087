import { decodeBarePart, encodeBarePart } from '../bare-loop/bare-part.js';
import { spreadOf, type Spread } from '../measure/spread.js';
import type { BenchClient } from './clients.js';
import type { BenchUpstream } from './upstreams.js';

export interface LikeToLikeFigures {
  /** CPU of a part that is read, becomes the internal form, and is written again for a client of the same dialect. */
  throughPartsMicros: Spread;
  /** CPU of an event that the bare loop passes on unread. */
  unreadMicros: Spread;
  /** What the first is more than the second, of each turn. */
  addedMicros: Spread;
}

type Way = () => Promise<{ count: number; written: number }>;

const WARM_UPS = 6;
const TURNS = 40;
const ANSWERS_PER_TURN = 20;

/**
 * What a stream between like and like costs more than its bytes. In CPU time, all threads' (so what the garbage takes is
 * in it), and by turns: whatever else the machine does meets both ways alike.
 */
export async function measureLikeToLike(client: BenchClient, upstream: BenchUpstream): Promise<LikeToLikeFigures> {
  const [parts, bytes] = [throughParts(client, upstream), unread(upstream)];
  const turns: { through: number; plain: number }[] = [];
  for (let turn = -WARM_UPS; turn < TURNS; turn += 1) {
    const through = await cpuMicros(parts);
    const plain = await cpuMicros(bytes);
    if (turn >= 0) turns.push({ through, plain });
  }
  return {
    throughPartsMicros: spread(turns.map(({ through }) => through)),
    unreadMicros: spread(turns.map(({ plain }) => plain)),
    addedMicros: spread(turns.map(({ through, plain }) => through - plain)),
  };
}

async function cpuMicros(way: Way): Promise<number> {
  const startedAt = process.cpuUsage();
  let parts = 0;
  for (let answer = 0; answer < ANSWERS_PER_TURN; answer += 1) {
    const { count, written } = await way();
    if (written === 0) throw new Error('nothing was written');
    parts += count;
  }
  const { user, system } = process.cpuUsage(startedAt);
  return (user + system) / parts;
}

function throughParts(client: BenchClient, upstream: BenchUpstream): Way {
  return async () => {
    const encoder = client.openStream();
    let count = 1;
    let written = 0;
    for await (const part of upstream.decodeStream(eventsOf(upstream))) {
      written += encoder.encode(part).length;
      count += 1;
    }
    return { count, written: written + encoder.encode({ type: 'succeeded' }).length };
  };
}

function unread(upstream: BenchUpstream): Way {
  return async () => {
    let count = 0;
    let written = 0;
    for await (const { data } of eventsOf(upstream)) {
      written += decodeBarePart(encodeBarePart('D', 1, `data: ${data}\n\n`)).data.length;
      count += 1;
    }
    return { count, written };
  };
}

async function* eventsOf({ events }: BenchUpstream): AsyncGenerator<{ data: string }, void, undefined> {
  for (const data of events) yield { data };
}

function spread(values: readonly number[]): Spread {
  return spreadOf(values) ?? { median: Number.NaN, min: Number.NaN, max: Number.NaN };
}
