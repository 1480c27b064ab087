import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';
import { chatOnce, createSharedModel, mostAtOnce, type ChatReport } from './shared-model.js';

const CALLERS = 24;
const BEFORE_MS = 3_000;
const AFTER_MS = 9_000;
const RESUME_MS = 5_000;
const LONG_MS = 8_000;

export function lossChecks(client: SluiceClient): Check[] {
  return [
    {
      title:
        'FLUSHALL under load: traffic resumes within 5 s, limits hold, running work goes on, everybody is answered',
      prove: () => proveLoss(client),
    },
  ];
}

async function proveLoss(client: SluiceClient): Promise<string> {
  const { model, credentials } = await createSharedModel(client, [{ limits: { chat: 1 } }, { limits: { chat: 3 } }]);
  const own = await createSharedModel(client, [{ limits: { chat: 1 } }]);
  const long = chatOnce(client, { model: own.model, delayMs: LONG_MS, name: 'long' });
  const ends: number[] = [];
  const reports: ChatReport[] = [];
  let again = 0;
  const endsAt = performance.now() + BEFORE_MS + AFTER_MS;
  const call = async (caller: number): Promise<void> => {
    for (let turn = 0; performance.now() < endsAt; turn += 1) {
      const report = await chatAsSdksDo(client, { model, delayMs: 60, name: `caller ${caller} turn ${turn}` });
      reports.push(report);
      if (report.isAgain) again += 1;
      if (report.status === 200) ends.push(performance.now());
    }
  };
  const load = Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));
  await new Promise((resolve) => setTimeout(resolve, BEFORE_MS));
  const flushedAt = performance.now();
  await flushAll(client.run.redisUrl);
  await load;
  const longReport = await long;
  const resumedMs = longestGap(ends, flushedAt);
  const most = await Promise.all(
    [...credentials, ...own.credentials].map((credential) => mostAtOnce(client, credential)),
  );
  const failures = reports.filter(({ status }) => status !== 200);
  const figures = `${ends.length} answered, ${failures.length} not, ${again} sent again as the SDKs do; the longest pause ${(resumedMs / 1_000).toFixed(2)} s; most at once ${most.join(', ')}; the long one ${longReport.status}`;
  assert.ok(resumedMs <= RESUME_MS && ends.some((at) => at > flushedAt + RESUME_MS), figures);
  assert.deepEqual(most, [1, 3, 1], figures);
  assert.ok(longReport.status === 200 && failures.length === 0, `${figures} ${failures[0]?.text ?? longReport.text}`);
  return figures;
}

/** A 503 that says so is safe to send again: what waited in the queue is lost with it, and the client holds the request. */
async function chatAsSdksDo(
  client: SluiceClient,
  chat: { model: string; delayMs: number; name: string },
): Promise<ChatReport & { isAgain: boolean }> {
  const first = await chatOnce(client, chat);
  return first.status === 503 ? { ...(await chatOnce(client, chat)), isAgain: true } : { ...first, isAgain: false };
}

/** The longest time without an answer from then on. */
function longestGap(ends: readonly number[], from: number): number {
  let last = from;
  let longest = 0;
  for (const at of ends.filter((one) => one >= from)) {
    longest = Math.max(longest, at - last);
    last = at;
  }
  return longest;
}

async function flushAll(redisUrl: string): Promise<void> {
  const { hostname, port, password } = new URL(redisUrl);
  const login = password === '' ? '' : `AUTH ${password}\r\n`;
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port || 6379), hostname, () => socket.write(`${login}FLUSHALL\r\nQUIT\r\n`));
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
}
