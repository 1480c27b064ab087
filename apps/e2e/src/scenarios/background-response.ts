import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { type ResponseEvent, responseEvents } from '../harness/response-events.js';
import type { RunFile } from '../harness/run-file.js';
import { SluiceClient } from '../harness/sluice-client.js';
import type { StartedSluice } from '../harness/start-sluice.js';
import { unique } from '../harness/unique.js';

/** All that these scenarios need of a running Sluice. */
export type RunningSluice = Pick<StartedSluice, 'run' | 'readRun'>;

const TERMINALS = new Set(['response.completed', 'response.incomplete', 'response.failed']);
/** A lost worker's job comes back when its lock has run out. */
const RECOVERY_MS = 90_000;

/** Made, asked for until it is complete, told from every event on, by every gateway with the same bytes. */
export async function backgroundIsPolledAndReplayed({ run }: RunningSluice): Promise<string> {
  const { openai } = new SluiceClient(run);
  const word = unique('polled');
  const made = await openai.responses.create(slow(word, 'chunks=8,chunk-delay-ms=60'));
  assert.deepEqual([made.status, made.background, made.output], ['queued', true, []]);
  const live = gather(events(run, made.id));
  const seen = new Set<string>();
  const done = await eventually('it is completed', async () => {
    const now = await openai.responses.retrieve(made.id);
    seen.add(now.status ?? '');
    return now.status === 'completed' && now;
  });
  assert.ok(seen.has('in_progress'), [...seen].join());
  assert.match(done.output_text, new RegExp(`^Simulated reply to: ${word}`));
  const told = await live;
  checkEvents(told);
  for (const gateway of Object.values(run.gateways)) await checkTails({ ...run, gateway }, made.id, told);
  return `${told.length} events, told again from each of them by ${Object.keys(run.gateways).length} gateways`;
}

/** Streamed from the start; a client that leaves loses nothing and stops nothing. */
export async function backgroundOutlivesItsClient({ run }: RunningSluice): Promise<string> {
  const first: ResponseEvent[] = [];
  const leave = new AbortController();
  const body = { ...slow(unique('left'), 'chunks=12,chunk-delay-ms=60'), stream: true };
  const call = { url: `${run.gateway}/v1/responses`, apiKey: run.apiKey, body };
  for await (const event of responseEvents(call, leave.signal)) {
    first.push(event);
    if (event.type === 'response.output_text.delta') break;
  }
  leave.abort();
  const types = first.map(({ type }) => type).slice(0, 3);
  assert.deepEqual(types, ['response.created', 'response.queued', 'response.in_progress']);
  const id = first[0]?.response?.id ?? '';
  const rest = await gather(events(run, id, first.length - 1));
  const whole = [...first, ...rest];
  checkEvents(whole);
  assert.equal(whole.at(-1)?.response?.status, 'completed');
  await checkTails(run, id, whole);
  return `left after ${first.length} of ${whole.length} events`;
}

/** Running, or not yet begun with: ended here and at the upstream, whoever asks how often. */
export async function backgroundIsCancelled({ run }: RunningSluice): Promise<string> {
  const { openai, simulator } = new SluiceClient(run);
  const word = unique('cancelled');
  const { id } = await openai.responses.create(slow(word, 'chunks=600,chunk-delay-ms=50'));
  const live = gather(events(run, id));
  await eventually('it is in progress', async () => (await openai.responses.retrieve(id)).status === 'in_progress');
  await simulator.waitFor('received', { prompt: word });
  const cancelled = await openai.responses.cancel(id);
  assert.equal(cancelled.status, 'cancelled');
  assert.equal((await openai.responses.cancel(id)).status, 'cancelled');
  await simulator.waitFor('aborted', { prompt: word });
  const told = await live;
  checkEvents(told);
  assert.equal(told.at(-1)?.response?.status, 'cancelled');
  await checkTails(run, id, told);
  return `${told.length} events until it was cancelled`;
}

/** While it runs: its upstream is left alone, and nothing of it is found any more. */
export async function backgroundIsDeleted({ run }: RunningSluice): Promise<string> {
  const { openai, simulator, call } = clientOf(run);
  const word = unique('deleted');
  const { id } = await openai.responses.create(slow(word, 'chunks=600,chunk-delay-ms=50'));
  await simulator.waitFor('received', { prompt: word });
  await openai.responses.delete(id);
  await simulator.waitFor('aborted', { prompt: word });
  const generation = id.replace('resp_', 'gen_');
  const statuses = await Promise.all(
    [`/v1/responses/${id}`, `/v1/generations/${generation}`].map(async (path) => (await call(path)).status),
  );
  assert.deepEqual(statuses, [404, 404]);
  return 'nothing is left';
}

/**
 * kill -9 of the worker in the middle: made again. What was told stands, its item ended as incomplete; the answer holds the
 * whole run alone; every place tells the same tail.
 */
export async function backgroundOutlivesItsWorker(sluice: RunningSluice): Promise<string> {
  const { run, readRun } = sluice;
  const word = unique('killed');
  const { openai } = new SluiceClient(run);
  const { id } = await openai.responses.create(slow(word, 'chunks=60,chunk-delay-ms=100'));
  const told: ResponseEvent[] = [];
  const startedAt = performance.now();
  let killedAt = 0;
  for await (const event of events(run, id)) {
    told.push(event);
    if (killedAt > 0 || event.type !== 'response.output_text.delta' || told.length < 10) continue;
    killedAt = performance.now();
    process.kill(pidOf(await readRun(), 'openai-worker'), 'SIGKILL');
  }
  checkEvents(told);
  const done = told.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
  assert.deepEqual(
    done.map((item) => item?.status),
    ['incomplete', 'completed'],
  );
  const final = told.at(-1)?.response;
  assert.deepEqual([final?.status, final?.output], ['completed', done.slice(1)]);
  assert.equal(final?.output[0]?.content?.[0]?.text, fullText(word, 60));
  await checkTails(run, id, told);
  const again = told.find(({ type, output_index: index }) => type === 'response.output_item.added' && index === 1);
  assert.ok(again, 'the second run is told');
  return `killed after ${Math.round(killedAt - startedAt)} ms, whole after ${Math.round(performance.now() - killedAt)} ms`;
}

/** kill -9, or SIGTERM, of the gateway: the response goes on, and its stream is gone on with where it broke off. */
export async function backgroundOutlivesItsGateway(
  { run, readRun }: RunningSluice,
  signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL',
): Promise<string> {
  const { openai } = new SluiceClient(run);
  const { id } = await openai.responses.create(slow(unique('restarted'), 'chunks=40,chunk-delay-ms=100'));
  const told: ResponseEvent[] = [];
  let breaks = 0;
  await eventually(
    'its stream was told to the end',
    async () => {
      try {
        for await (const event of events(run, id, told.length - 1)) {
          told.push(event);
          if (told.length === 12) process.kill(pidOf(await readRun(), 'gateway'), signal);
        }
      } catch {
        breaks += 1;
      }
      return TERMINALS.has(told.at(-1)?.type ?? '');
    },
    { withinMs: RECOVERY_MS, everyMs: 100 },
  );
  checkEvents(told);
  assert.equal(told.at(-1)?.response?.status, 'completed');
  assert.equal(told.filter(({ type }) => type === 'response.output_item.added').length, 1);
  // One that ends in order tells the rest first; its successor may not be there yet.
  await eventually('the gateway answers', async () => (await openai.responses.retrieve(id)).id, {
    withinMs: RECOVERY_MS,
  });
  await checkTails(run, id, told);
  return `the stream broke ${breaks} times, and nothing of ${told.length} events was lost`;
}

function slow(word: string, markers: string) {
  return { model: 'sim-chat', input: `${word} [[sim:${markers}]]`, background: true as const };
}

function clientOf(run: RunFile) {
  const client = new SluiceClient(run);
  return { openai: client.openai, simulator: client.simulator, call: client.call.bind(client) };
}

function events(run: RunFile, id: string, after = -1): AsyncGenerator<ResponseEvent> {
  const from = after < 0 ? '' : `&starting_after=${after}`;
  return responseEvents({ url: `${run.gateway}/v1/responses/${id}?stream=true${from}`, apiKey: run.apiKey });
}

function checkEvents(told: readonly ResponseEvent[]): void {
  assert.deepEqual(
    told.map(({ sequence_number: number }) => number),
    told.map((_, index) => index),
  );
  assert.deepEqual(
    told.filter(({ type }) => TERMINALS.has(type)),
    told.slice(-1),
  );
}

async function checkTails(run: RunFile, id: string, told: readonly ResponseEvent[]): Promise<void> {
  const places = told.map((_, index) => index - 1);
  const tails = await Promise.all(places.map((after) => gather(events(run, id, after))));
  tails.forEach((tail, index) =>
    assert.deepEqual(
      tail.map(({ text }) => text),
      told.slice(index).map(({ text }) => text),
    ),
  );
}

function fullText(word: string, chunks: number): string {
  const words = ['Simulated', 'reply', 'to:', word];
  return [...words, ...Array.from({ length: chunks - words.length }, (_, index) => `word-${index + 1}`)].join(' ');
}

function pidOf({ pids }: RunFile, name: string): number {
  const pid = pids[name];
  if (pid === undefined) throw new Error(`run.json names no ${name}, but ${Object.keys(pids).join(', ')}`);
  return pid;
}

async function gather<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const gathered: Item[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}
