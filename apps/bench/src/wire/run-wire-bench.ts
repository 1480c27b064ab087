import type { BenchLine } from '../report/bench-line.js';
import type { Spread } from '../measure/spread.js';
import { formatNumber } from '../report/format-number.js';
import { renderText } from '../report/table.js';
import { clients, type BenchClient } from './clients.js';
import { measureLikeToLike, type LikeToLikeFigures } from './measure-like-to-like.js';
import { measureRequest, type RequestFigures, type Times } from './measure-request.js';
import { measureStream, type StreamFigures } from './measure-stream.js';
import { upstreams, type BenchUpstream } from './upstreams.js';

const REQUEST_LIMIT_MS = 5;
const PART_LIMIT_MICROS = 20;
/** A part costs Sluice 40 µs of CPU the whole way, and runs of the whole differ by a quarter: less than this is not seen. */
const LIKE_TO_LIKE_LIMIT_MICROS = 5;

interface Pairing {
  client: BenchClient;
  upstream: BenchUpstream;
}
type Measured<Figures> = Pairing & { figures: Figures };

/** What translation costs, from every dialect of clients to every dialect of upstreams and back. */
export async function runWireBench(print: (line: string) => void): Promise<BenchLine[]> {
  const pairings = clients.flatMap((client) => upstreams.map((upstream) => ({ client, upstream })));
  const requests = pairings.map((pairing) => ({
    ...pairing,
    figures: measureRequest(pairing.client, pairing.upstream),
  }));
  print(requestTable(requests));
  const streams: Measured<StreamFigures>[] = [];
  for (const pairing of pairings)
    streams.push({ ...pairing, figures: await measureStream(pairing.client, pairing.upstream) });
  print(streamTable(streams));
  const likes: Measured<LikeToLikeFigures>[] = [];
  for (const pairing of pairings.filter(({ client, upstream }) => client.name === upstream.name))
    likes.push({ ...pairing, figures: await measureLikeToLike(pairing.client, pairing.upstream) });
  print(likeTable(likes));
  return [...requests.map(requestLine), ...streams.map(streamLine), ...likes.map(likeLine)];
}

function requestLine({ client, upstream, figures }: Measured<RequestFigures>): BenchLine {
  const { p50Ms } = figures.translation;
  return {
    title: `${client.name} to ${upstream.name}: a conversation of 200 kB in less than ${REQUEST_LIMIT_MS} ms`,
    figures: `${formatNumber(p50Ms)} ms`,
    isMet: p50Ms < REQUEST_LIMIT_MS,
  };
}

function streamLine({ client, upstream, figures: { p50Micros } }: Measured<StreamFigures>): BenchLine {
  return {
    title: `${upstream.name} to ${client.name}: a stream part in less than ${PART_LIMIT_MICROS} µs`,
    figures: `${formatNumber(p50Micros)} µs`,
    isMet: p50Micros < PART_LIMIT_MICROS,
  };
}

function likeLine({ client, figures: { addedMicros } }: Measured<LikeToLikeFigures>): BenchLine {
  return {
    title: `${client.name} to itself: a stream part in less than ${LIKE_TO_LIKE_LIMIT_MICROS} µs of CPU more than its bytes`,
    figures: `${formatNumber(addedMicros.median)} µs`,
    isMet: addedMicros.median < LIKE_TO_LIKE_LIMIT_MICROS,
  };
}

function requestTable(measured: readonly Measured<RequestFigures>[]): string {
  return `${renderText({
    title: 'A conversation, ms: median (p99)',
    head: ['client → upstream', 'kB', 'translation', 'JSON.parse', 'JSON.stringify'],
    rows: measured.map(({ client, upstream, figures: { bodyLength, translation, parse, stringify } }) => [
      `${client.name} → ${upstream.name}`,
      String(Math.round(bodyLength / 1_000)),
      ...[translation, parse, stringify].map(formatTimes),
    ]),
  })}\n`;
}

function formatTimes({ p50Ms, p99Ms }: Times): string {
  return `${formatNumber(p50Ms)} (${formatNumber(p99Ms)})`;
}

function streamTable(measured: readonly Measured<StreamFigures>[]): string {
  return `${renderText({
    title: 'A stream part, µs',
    head: ['upstream → client', 'parts', 'median', 'mean', 'p99'],
    rows: measured.map(({ client, upstream, figures: { parts, p50Micros, meanMicros, p99Micros } }) => [
      `${upstream.name} → ${client.name}`,
      String(parts),
      ...[p50Micros, meanMicros, p99Micros].map(formatNumber),
    ]),
  })}\n`;
}

function likeTable(measured: readonly Measured<LikeToLikeFigures>[]): string {
  return `${renderText({
    title: 'A stream part between like and like, µs of CPU: median (lowest–highest)',
    head: ['dialect', 'through parts', 'bytes unread', 'added'],
    rows: measured.map(({ client, figures: { throughPartsMicros, unreadMicros, addedMicros } }) => [
      client.name,
      ...[throughPartsMicros, unreadMicros, addedMicros].map(formatSpread),
    ]),
  })}\n`;
}

function formatSpread({ median, min, max }: Spread): string {
  return `${formatNumber(median)} (${formatNumber(min)}–${formatNumber(max)})`;
}
