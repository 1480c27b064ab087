import assert from 'node:assert/strict';
import { UPSTREAM_FAILURES } from '../../cases/upstream-failures.js';
import { chatBody } from '../../harness/sluice-client.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';

export function upstreamFailureChecks(client: SluiceClient): Check[] {
  return [
    { title: 'an upstream that fails before its first token gives a real status', prove: () => proveBefore(client) },
    { title: 'after it, an error in the stream and an orderly end', prove: () => proveAfter(client) },
  ];
}

async function proveBefore(client: SluiceClient): Promise<string> {
  const told = await Promise.all(
    UPSTREAM_FAILURES.map(async ({ title, markers, status }) => {
      const { model } = await client.admin.createModel();
      const answer = await client.call('/v1/chat/completions', {
        body: { ...chatBody(`fails [[sim:${markers}]]`), model, stream: true },
      });
      assert.equal(answer.status, status, `${title}: ${answer.status} ${answer.text}`);
      assert.match(answer.text, /^\{"error":\{"message":"[^"]+/);
      return `${title} → ${status}`;
    }),
  );
  return told.join(', ');
}

async function proveAfter(client: SluiceClient): Promise<string> {
  const told = await Promise.all(
    ['error-in-stream=3', 'cut=3'].map(async (markers) => {
      const { model } = await client.admin.createModel();
      const stream = await client.stream(`breaks [[sim:chunks=9,${markers}]]`, { model });
      assert.equal(stream.status, 200);
      assert.match(stream.text, /^Simulated reply/);
      assert.ok(stream.error, 'no error in the stream');
      return `${markers} → ${stream.error.code}: ${stream.error.message}`;
    }),
  );
  return told.join('; ');
}
