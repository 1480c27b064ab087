import assert from 'node:assert/strict';
import { httpCall } from '../../harness/http-call.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { unique } from '../../harness/unique.js';
import type { Check } from '../capability.js';

const SESSIONS = 200;
const MODEL = 'grok-4';
const UPSTREAM_MS = 400;
const ROUNDS = 5;
/** A chat that has waited so long has been given up by its user. */
const LIMIT_MS = 30_000;

export function loadChecks(client: SluiceClient): Check[] {
  const kinds = [32, 64].flatMap((atOnce) => [false, true].map((isStreamed) => ({ atOnce, isStreamed })));
  return [
    { title: `${SESSIONS} session credentials are imported as Grok2API exports them`, prove: () => importAll(client) },
    ...kinds.map(({ atOnce, isStreamed }) => ({
      title: `${atOnce} concurrent chats, ${isStreamed ? 'streamed' : 'plain'}, upstream ${UPSTREAM_MS} ms: all answered, one upstream call each`,
      prove: () => proveLoad(client, { atOnce, isStreamed }),
    })),
  ];
}

async function importAll({ run }: SluiceClient): Promise<string> {
  const word = unique('session');
  const ssoBasic = Array.from({ length: SESSIONS }, (_, number) => ({ token: `${word}-${number}`, quota: 80 }));
  const query = new URLSearchParams({
    upstream: 'grok',
    allowPrivateNetwork: 'true',
    baseUrl: `${run.simulator ?? ''}/grok`,
  });
  const url = `${run.gateway}/admin/api/credentials/import?${query.toString()}`;
  const headers = { authorization: `Bearer ${run.adminToken}` };
  const { text } = await httpCall({ url, method: 'POST', headers, body: { ssoBasic, ssoSuper: [] } });
  assert.match(text, new RegExp(`"created":${SESSIONS}\\b`));
  return `${SESSIONS} created`;
}

async function proveLoad(client: SluiceClient, load: { atOnce: number; isStreamed: boolean }): Promise<string> {
  const { atOnce, isStreamed } = load;
  const word = unique('load');
  const total = atOnce * ROUNDS;
  const took: number[] = [];
  const flaws: string[] = [];
  let next = 0;
  const startedAt = performance.now();
  const user = async (): Promise<void> => {
    for (let number = next++; number < total; number = next++) {
      const begunAt = performance.now();
      const flaw = await chat(client, { prompt: `${word}-${number}.`, isStreamed });
      took.push(performance.now() - begunAt);
      if (flaw !== undefined) flaws.push(flaw);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, user));
  const seconds = (performance.now() - startedAt) / 1_000;
  const { counts } = await client.simulator.requests({ prompt: word });
  const sorted = took.toSorted((left, right) => left - right);
  const percentile = (share: number) => (sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(0);
  const answered = ((total - flaws.length) / total) * 100;
  const figures = `${total} chats, ${answered.toFixed(1)} % answered, ${(counts.received / total).toFixed(3)} upstream calls a chat, p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms, ${(total / seconds).toFixed(0)}/s`;
  assert.deepEqual(flaws.slice(0, 3), [], figures);
  assert.equal(counts.received, total, figures);
  return figures;
}

async function chat(
  client: SluiceClient,
  { prompt, isStreamed }: { prompt: string; isStreamed: boolean },
): Promise<string | undefined> {
  const messages = [{ role: 'user', content: `${prompt} [[sim:first-byte-delay-ms=${UPSTREAM_MS}]]` }];
  const headers = { 'x-sluice-deadline-ms': String(LIMIT_MS) };
  try {
    const body = { model: MODEL, messages, stream: isStreamed };
    const { status, text } = await client.call('/v1/chat/completions', { body, headers });
    const isWhole = isStreamed ? text.includes('"finish_reason":"stop"') && text.includes('[DONE]') : true;
    const hasAnswer = isStreamed ? joined(text).includes(prompt) : text.includes(prompt);
    return status === 200 && isWhole && hasAnswer ? undefined : `${status}: ${text.slice(0, 300)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function joined(frames: string): string {
  return [...frames.matchAll(/"content":("(?:[^"\\]|\\.)*")/g)]
    .map(([, text = '""']) => JSON.parse(text) as string)
    .join('');
}
