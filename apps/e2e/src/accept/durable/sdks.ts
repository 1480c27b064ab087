import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import OpenAI, { toFile } from 'openai';
import OpenAICurrent from 'openai-current';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { png } from './pictures.js';
import { QUICK, untilEnded, VIDEO_MODEL } from '../../scenarios/durable-videos.js';
import type { Check } from '../capability.js';

export function sdkChecks({ run }: SluiceClient): Check[] {
  const options = { baseURL: `${run.gateway}/v1`, apiKey: run.apiKey, maxRetries: 0 };
  const sdks: [string, OpenAI][] = [
    ['the current openai SDK', new OpenAICurrent(options) as unknown as OpenAI],
    ['the openai SDK of the major before', new OpenAI(options)],
  ];
  return sdks.map(([name, sdk]) => ({
    title: `${name}: create with and without a file, poll, list, download, delete`,
    prove: () => proveFlow(sdk),
  }));
}

async function proveFlow(sdk: OpenAI): Promise<string> {
  const plain = await sdk.videos.create({ model: VIDEO_MODEL as never, prompt: `a cat ${QUICK}`, seconds: '8' });
  const picture = await toFile(png({ width: 2, height: 2 }), 'picture.png', { type: 'image/png' });
  const drawn = await sdk.videos.create({
    model: VIDEO_MODEL as never,
    prompt: `as here ${QUICK}`,
    input_reference: picture,
  });
  const told: string[] = [];
  for (const { id } of [plain, drawn]) {
    assert.equal((await untilEnded(sdk, id)).status, 'completed');
    told.push(await proveContent(sdk, id));
  }
  const listed: string[] = [];
  for await (const { id } of sdk.videos.list({ limit: 1 })) {
    listed.push(id);
    if (listed.length === 2) break;
  }
  assert.deepEqual(listed.toSorted(), [plain.id, drawn.id].toSorted());
  for (const { id } of [plain, drawn]) {
    assert.equal((await sdk.videos.delete(id)).deleted, true);
    await assert.rejects(sdk.videos.retrieve(id), { status: 404 });
  }
  return `files of ${told.join(' and ')} bytes with their checksums; listed page by page; deleted, then 404`;
}

async function proveContent(sdk: OpenAI, id: string): Promise<string> {
  const content = await sdk.videos.downloadContent(id);
  const bytes = Buffer.from(await content.arrayBuffer());
  assert.equal(content.headers.get('content-type'), 'video/mp4');
  assert.equal(content.headers.get('etag'), `"${createHash('sha256').update(bytes).digest('hex')}"`);
  return String(bytes.length);
}
