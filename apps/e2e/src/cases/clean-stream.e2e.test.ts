import { describe, expect, it } from 'vitest';
import { readChat } from '../harness/chat-stream.js';
import { readFrames } from '../harness/read-frames.js';
import type { Frame } from '../harness/read-frames.js';
import { findFlaws } from './clean-stream.js';

const CREATED = Math.floor(Date.now() / 1000);

function chunk(change: object = {}, choice: object = {}): string {
  const choices = [{ index: 0, delta: {}, finish_reason: null, ...choice }];
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: CREATED,
    model: 'm',
    choices,
    ...change,
  });
}

const ROLE = chunk({}, { delta: { role: 'assistant', content: '' } });
const TEXT = chunk({}, { delta: { content: 'hi' } });
const FINISH = chunk({}, { finish_reason: 'stop' });

async function flawsOf(datas: readonly string[]): Promise<string[]> {
  const frames: Frame[] = [];
  for await (const frame of readFrames(bytesOf(datas.map((data) => `data: ${data}\n\n`).join('')))) frames.push(frame);
  const headers = { 'content-type': 'text/event-stream' };
  return findFlaws(
    { status: 200, headers, headersAtMs: 0, refusal: '', frames, ...readChat(frames) },
    { isUsageAsked: false },
  );
}

/** Byte by byte, as nasty networks do. */
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
}

describe('the judge of streams', () => {
  it('has nothing against a good one', async () => {
    expect(await flawsOf([ROLE, TEXT, FINISH, '[DONE]'])).toEqual([]);
  });

  it.each([
    ['no [DONE]', [ROLE, TEXT, FINISH]],
    ['choice 0 does not begin with a role', [TEXT, FINISH, '[DONE]']],
    ['choice 0 has several roles', [ROLE, ROLE, FINISH, '[DONE]']],
    ['choice 0 has 0 finish reasons', [ROLE, TEXT, '[DONE]']],
    ['choice 0 has 1 finish reasons', [ROLE, FINISH, TEXT, '[DONE]']],
    ['2 values of id', [ROLE, chunk({ id: 'chatcmpl-2' }), FINISH, '[DONE]']],
    ['a chunk without choices', [ROLE, FINISH, chunk({ choices: [] }), '[DONE]']],
    ['usage that nobody asked for', [ROLE, chunk({ usage: null }), FINISH, '[DONE]']],
    [
      'an error: broke',
      [ROLE, '{"error":{"message":"broke","type":"server_error","param":null,"code":null}}', FINISH, '[DONE]'],
    ],
  ])('sees: %s', async (flaw, datas) => {
    expect(await flawsOf(datas)).toContain(flaw);
  });

  it('refuses frames that break off, and frames after the end', async () => {
    await expect(flawsOf([ROLE, '[DONE]', TEXT])).rejects.toThrow('after [DONE]');
    const reading = (async () => {
      for await (const _ of readFrames(bytesOf('data: {"a"'))) continue;
    })();
    await expect(reading).rejects.toThrow('broke off inside a frame');
  });
});
