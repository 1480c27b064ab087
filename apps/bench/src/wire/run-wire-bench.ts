import type { BenchLine } from '../report/bench-line.js';
import { formatNumber } from '../report/format-number.js';
import { renderText } from '../report/table.js';
import { clients, type BenchClient } from './clients.js';
import { measureRequest, type RequestFigures, type Times } from './measure-request.js';
import { measureStream, type StreamFigures } from './measure-stream.js';
import { upstreams, type BenchUpstream } from './upstreams.js';

const REQUEST_LIMIT_MS = 5;
const PART_LIMIT_MICROS = 20;

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
  return [...requests.map(requestLine), ...streams.map(streamLine)];
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
