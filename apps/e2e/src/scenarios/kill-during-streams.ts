import { eventually } from '../harness/eventually.js';
import type { RunFile } from '../harness/run-file.js';
import { SimulatorControl } from '../harness/simulator-control.js';
import { chatBody } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';
import { chatOutcome } from './chat-outcome.js';
import type { ChatOutcome } from './chat-outcome.js';

export interface KillReport {
  victim: string;
  outcomes: ChatOutcome[];
  longestMs: number;
  restoredAfterMs: number;
  chatAgainAfterMs: number;
}

const CHUNKS = 30;
const KINDS = [
  { name: 'streaming', markers: `chunks=${CHUNKS},chunk-delay-ms=60` },
  { name: 'waiting', markers: `chunks=${CHUNKS},first-event-delay-ms=2500` },
];
const CLIENTS_OF_A_KIND = 4;
const FRAMES_BEFORE_KILL = 4;

/** Streams in all states, then kill -9 of one process; every client's end, and how long the restoration took. */
export async function killDuringStreams(options: {
  victim: string;
  /** The gateway that the clients talk to. */
  gateway: string;
  readRun(): Promise<RunFile>;
}): Promise<KillReport> {
  const { victim, gateway, readRun } = options;
  const { apiKey, simulator = '', pids } = await readRun();
  const word = unique('kill');
  const calls = KINDS.flatMap((kind) => Array.from({ length: CLIENTS_OF_A_KIND }, () => kind));
  let streaming = 0;
  const onFrame = (count: number) => void (streaming += count === FRAMES_BEFORE_KILL ? 1 : 0);
  const clients = calls.map(({ name, markers }) => {
    const prompt = `${word}-${name}`;
    const call = { gateway, apiKey, body: chatBody(`${prompt} [[sim:${markers}]]`) };
    return chatOutcome(call, { text: fullText(prompt), onFrame });
  });
  await new SimulatorControl(simulator).waitFor('received', { prompt: word }, { count: calls.length });
  await eventually('half of the clients are reading', () => streaming === CLIENTS_OF_A_KIND);
  const killedAt = performance.now();
  process.kill(pidOf(pids, victim), 'SIGKILL');
  const [outcomes, restoredAfterMs, chatAgainAfterMs] = await Promise.all([
    Promise.all(clients),
    untilRestored(victim, pidOf(pids, victim), readRun).then(() => performance.now() - killedAt),
    untilChatWorks({ gateway, apiKey, word }).then(() => performance.now() - killedAt),
  ]);
  return {
    victim,
    outcomes,
    longestMs: Math.max(...outcomes.map(({ tookMs }) => tookMs)),
    restoredAfterMs,
    chatAgainAfterMs,
  };
}

/** How many ended in which way: `answered 4, error in stream 4 (upstream_interrupted)`. */
export function describeOutcomes(outcomes: readonly ChatOutcome[]): string {
  const counts = new Map<string, number>();
  for (const { type, detail } of outcomes) {
    const name = detail === '' ? type : `${type} (${detail})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}

function fullText(prompt: string): string {
  const words = ['Simulated', 'reply', 'to:', prompt];
  return [...words, ...Array.from({ length: CHUNKS - words.length }, (_, index) => `word-${index + 1}`)].join(' ');
}

function pidOf(pids: RunFile['pids'], name: string): number {
  const pid = pids[name];
  if (pid === undefined) throw new Error(`run.json names no ${name}, but ${Object.keys(pids).join(', ')}`);
  return pid;
}

async function untilRestored(victim: string, oldPid: number, readRun: () => Promise<RunFile>): Promise<void> {
  await eventually(`${victim} is restored`, async () => pidOf((await readRun()).pids, victim) !== oldPid, {
    withinMs: 20_000,
  });
}

async function untilChatWorks({
  gateway,
  apiKey,
  word,
}: {
  gateway: string;
  apiKey: string;
  word: string;
}): Promise<void> {
  const prompt = `${word}-again`;
  await eventually(
    'a new chat works',
    async () =>
      (await chatOutcome({ gateway, apiKey, body: chatBody(prompt) }, { text: `Simulated reply to: ${prompt}` }))
        .type === 'answered',
    { withinMs: 25_000, everyMs: 100 },
  );
}
