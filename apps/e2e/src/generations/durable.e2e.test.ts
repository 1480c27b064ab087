import { expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from '../harness/eventually.js';
import { openCall } from '../harness/http-call.js';
import { type Frame, readFrames } from '../harness/read-frames.js';
import { sharedSluice } from '../harness/shared-sluice.js';
import { unique } from '../harness/unique.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;

const viewSchema = z.looseObject({
  id: z.string(),
  kind: z.string(),
  status: z.string(),
  progress: z.number().nullable(),
  last_event: z.int(),
});
const videoSchema = z.looseObject({ id: z.string() });

async function make(markers: string, headers: Record<string, string> = {}, words = unique('film')) {
  const body = { model: 'sim-video', prompt: `${words} [[sim:${markers}]]`, seconds: '4' };
  return sluice.call('/v1/videos', { method: 'POST', body, headers });
}

/** A new video, by its generation. */
async function begin(markers: string): Promise<string> {
  const answer = await make(markers);
  expect(answer.status).toBe(200);
  return videoSchema.parse(answer.json()).id.replace('video_', 'gen_');
}

async function events(id: string, headers: Record<string, string> = {}): Promise<Frame[]> {
  const url = `${gateway}/v1/generations/${id}/events`;
  const { body } = await openCall({ url, headers: { authorization: `Bearer ${apiKey}`, ...headers } });
  const frames: Frame[] = [];
  for await (const frame of readFrames(body))
    if (frame.data !== undefined && frame.id !== undefined) frames.push(frame);
  return frames;
}

it('a video is followed to its end, from any place, and asked for cheaply', async () => {
  const id = await begin('queueMs=0,videoMs=1500');
  const live = await events(id);
  expect(live.map((frame) => Number(frame.id))).toEqual(live.map((_frame, index) => index + 1));
  expect(live.at(-1)).toMatchObject({ event: 'succeeded' });
  const resumed = await events(id, { 'last-event-id': '1' });
  // A link is signed anew for each who reads it.
  const withoutLinks = ({ text }: Frame) => text.replaceAll(/\?expires=[^"]*/g, '');
  expect(resumed.map(withoutLinks)).toEqual(live.slice(1).map(withoutLinks));
  const first = await sluice.call(`/v1/generations/${id}`);
  expect(viewSchema.parse(first.json())).toMatchObject({
    kind: 'video',
    status: 'succeeded',
    progress: 100,
    last_event: live.length,
  });
  expect(first.headers['retry-after']).toBeUndefined();
  const again = await sluice.call(`/v1/generations/${id}`, {
    headers: { 'if-none-match': first.headers['etag'] ?? '' },
  });
  expect([again.status, again.text]).toEqual([304, '']);
});

it('one that runs says when to ask again, and is cancelled up to its upstream', async () => {
  const id = await begin('queueMs=0,videoMs=60000');
  await eventually(
    'it runs',
    async () => viewSchema.parse((await sluice.call(`/v1/generations/${id}`)).json()).status === 'running',
  );
  expect((await sluice.call(`/v1/generations/${id}`)).headers['retry-after']).toBe('2');
  expect((await sluice.call(`/v1/generations/${id}/cancel`, { method: 'POST' })).status).toBe(200);
  await eventually(
    'it is cancelled',
    async () => viewSchema.parse((await sluice.call(`/v1/generations/${id}`)).json()).status === 'cancelled',
  );
  expect((await events(id)).at(-1)).toMatchObject({ event: 'cancelled' });
});

it('the same Idempotency-Key is the same video, another body under it is refused', async () => {
  const key = unique('key');
  const words = unique('once');
  const first = await make('queueMs=0,videoMs=100', { 'idempotency-key': key }, words);
  const again = await make('queueMs=0,videoMs=100', { 'idempotency-key': `"${key}"` }, words);
  expect(videoSchema.parse(again.json()).id).toBe(videoSchema.parse(first.json()).id);
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect((await make('queueMs=0,videoMs=100', { 'idempotency-key': key })).status).toBe(422);
});

it('a chat with an Idempotency-Key is answered again as it was', async () => {
  const headers = { 'idempotency-key': unique('chat') };
  const body = { model: 'sim-chat', messages: [{ role: 'user', content: unique('hello') }] };
  const call = () => sluice.call('/v1/chat/completions', { method: 'POST', body, headers });
  const first = await call();
  const again = await eventually('it is kept', async () => {
    const answer = await call();
    return answer.headers['idempotent-replayed'] === 'true' && answer;
  });
  expect(again.text).toBe(first.text);
});

it('nobody needs to decide anything', async () => {
  const { gateway: url, adminToken } = sluice.run;
  const { status } = await openCall({
    url: `${url}/admin/api/generations/stuck`,
    headers: { authorization: `Bearer ${adminToken}` },
  });
  expect(status).toBe(200);
});
