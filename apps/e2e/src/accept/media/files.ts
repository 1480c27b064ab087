import assert from 'node:assert/strict';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { drawPng } from '../../scenarios/images.js';
import { QUICK, untilEnded, VIDEO_MODEL } from '../../scenarios/durable-videos.js';
import type { Check } from '../capability.js';
import { openaiSdks } from './openai-sdks.js';

/** Larger than what rides in a job. */
const PDF = Buffer.alloc(400_000, '%PDF-1.4\nnothing more\n');

/** The `openai` SDK's files flows. */
export function filesChecks(client: SluiceClient): Check[] {
  return openaiSdks(client).flatMap(([name, sdk]) => [
    { title: `${name}: a file is kept, listed, read, deleted; wrong calls are told`, prove: () => provedLife(sdk) },
    { title: `${name}: a chat, a response and a video read files by their ids`, prove: () => provedUse(sdk) },
    { title: `${name}: another’s file is as unknown as none`, prove: () => provedOwner(client, sdk) },
  ]);
}

async function provedLife(sdk: OpenAI): Promise<string> {
  const created = await sdk.files.create({
    file: await toFile(Buffer.from('{"custom_id":"a"}\n'), 'größe.jsonl'),
    purpose: 'batch',
    expires_after: { anchor: 'created_at', seconds: 3_600 },
  });
  const { id, filename, expires_at: expiresAt } = await sdk.files.retrieve(created.id);
  assert.deepEqual([filename, expiresAt], ['größe.jsonl', created.created_at + 3_600]);
  assert.equal(await (await sdk.files.content(id)).text(), '{"custom_id":"a"}\n');
  let isListed = false;
  for await (const each of sdk.files.list({ limit: 1, purpose: 'batch' }))
    if (each.id === id) {
      isListed = true;
      break;
    }
  assert.ok(isListed);
  const file = await toFile(Buffer.from('a'), 'a.txt');
  await assert.rejects(sdk.files.create({ file, purpose: 'no purpose' as never }), { status: 400, param: 'purpose' });
  assert.equal((await sdk.files.delete(id)).deleted, true);
  await assert.rejects(sdk.files.retrieve(id), { status: 404 });
  return 'name, bytes and expiry as given; deleted, then 404';
}

async function provedUse(sdk: OpenAI): Promise<string> {
  const { id } = await sdk.files.create({ file: await toFile(PDF, 'a.pdf'), purpose: 'user_data' });
  const content = [{ type: 'file' as const, file: { file_id: id } }];
  const chat = await sdk.chat.completions.create({ model: 'sim-chat', messages: [{ role: 'user', content }] });
  const seen = `[file a.pdf application/pdf ${PDF.byteLength} bytes]`;
  assert.ok(chat.choices[0]?.message.content?.includes(seen));
  const input = [{ role: 'user' as const, content: [{ type: 'input_file' as const, file_id: id }] }];
  const response = await sdk.responses.create({ model: 'sim-chat', input });
  assert.ok(response.output_text.includes(seen));
  const picture = await toFile(drawPng(), 'picture.png', { type: 'image/png' });
  const { id: pictureId } = await sdk.files.create({ file: picture, purpose: 'vision' });
  const video = await sdk.videos.create({
    model: VIDEO_MODEL as never,
    prompt: `as here ${QUICK}`,
    input_reference: { file_id: pictureId } as never,
  });
  assert.equal((await untilEnded(sdk, video.id)).status, 'completed');
  return `${PDF.byteLength} bytes seen by both; the video completed`;
}

async function provedOwner(client: SluiceClient, sdk: OpenAI): Promise<string> {
  const other = client.openaiWith((await client.admin.createKey('another')).key);
  const { id } = await other.files.create({ file: await toFile(PDF, 'a.pdf'), purpose: 'user_data' });
  const content = [{ type: 'file' as const, file: { file_id: id } }];
  const asked = [
    () => sdk.files.retrieve(id),
    () => sdk.files.content(id),
    () => sdk.files.delete(id),
    () => sdk.chat.completions.create({ model: 'sim-chat', messages: [{ role: 'user', content }] }),
    () => sdk.batches.create({ input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' }),
  ];
  for (const ask of asked) await assert.rejects(ask(), { status: 404 });
  return `${asked.length} ways, 404 each`;
}
