import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { eventually } from '../../harness/eventually.js';
import { httpCall } from '../../harness/http-call.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { unique } from '../../harness/unique.js';
import { QUICK, readSubmissions, VIDEO_MODEL } from '../../scenarios/durable-videos.js';
import type { Check } from '../capability.js';
import type { Stored } from './stored.js';

const ROUNDS = 10;
const videoSchema = z.object({ id: z.string() });

/** A client as a program of its own; it says when its request is on its way, and waits for the answer. */
const CLIENT = `
import { request } from 'node:http';
const { url, headers, body } = JSON.parse(process.argv[1]);
const call = request(url, { method: 'POST', headers });
call.once('finish', () => process.stdout.write('sent'));
call.end(body);
`;

export function idempotencyChecks(client: SluiceClient, stored: Stored): Check[] {
  return [
    {
      title: 'a client killed and started again with its Idempotency-Key, at another replica, gets the same video',
      prove: () => proveRestart(client, stored),
    },
  ];
}

async function proveRestart(client: SluiceClient, stored: Stored): Promise<string> {
  const [first, second] = Object.values(client.run.gateways);
  assert.ok(first && second && first !== second, 'there are not two gateways');
  const word = unique('restart');
  for (let round = 0; round < ROUNDS; round += 1) {
    const call = callOf(client, `${word} ${round}`);
    await sendAndKill({ ...call, url: `${first}/v1/videos` });
    const again = await post({ ...call, url: `${second}/v1/videos` });
    const third = await post({ ...call, url: `${first}/v1/videos` });
    assert.equal(again.id, third.id);
    assert.equal(third.isReplayed, true);
  }
  const rows = await eventually(
    'all are made',
    async () => {
      const found = await stored.videos(word);
      return found.every(({ state }) => state === 'succeeded') && found;
    },
    { withinMs: 30_000 },
  );
  const submissions = await readSubmissions(client.run.simulator ?? '', word);
  const figures = `${ROUNDS} clients killed, ${rows.length} videos, ${[...submissions.values()].join(', ')} submissions`;
  assert.ok(rows.length === ROUNDS && submissions.size === ROUNDS, figures);
  assert.ok(
    [...submissions.values()].every((count) => count === 1),
    figures,
  );
  return figures;
}

function callOf({ run }: SluiceClient, words: string) {
  return {
    headers: {
      authorization: `Bearer ${run.apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': unique('key'),
    },
    body: JSON.stringify({ model: VIDEO_MODEL, prompt: `${words} ${QUICK}` }),
  };
}

async function sendAndKill(call: { url: string; headers: Record<string, string>; body: string }): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CLIENT, JSON.stringify(call)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  child.kill('SIGKILL');
}

/** As the SDKs do where the first call is not through yet: again after a moment. */
function post(call: { url: string; headers: Record<string, string>; body: string }) {
  return eventually('the key is answered', async () => {
    const { status, headers, json, text } = await httpCall(call);
    if (status === 409) return undefined;
    assert.equal(status, 200, text);
    return { ...videoSchema.parse(json()), isReplayed: headers['idempotent-replayed'] === 'true' };
  });
}
