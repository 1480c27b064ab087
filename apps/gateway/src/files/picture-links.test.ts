import type { Json } from '@sluice/contracts/json';
import { decodeRequest } from '@sluice/wire-openai-chat/decode-request';
import { describe, expect, it } from 'vitest';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import { PictureLinks } from './picture-links.service.js';

const LINK = 'https://pictures.example/a.png';

async function around(parts: Json[], { upstreams = ['gemini'], bytes = 3 } = {}) {
  const discarded: string[] = [];
  const links = new PictureLinks({
    intake: {
      takeUrl: async ({ url }) => ({ media: { key: url, mediaType: 'image/png', bytes }, sha256: '' }),
      discard: async (media) => {
        for (const { key } of media) discarded.push(key);
      },
    },
    store: {
      get: async (key) => ({
        info: { key, bytes, mediaType: 'image/png', sha256: '', createdAtMs: 0 },
        body: (async function* () {
          yield Buffer.from('png');
        })(),
      }),
    },
    resolver: { resolve: () => upstreams.map((upstream) => ({ upstream, model: 'm' })) },
  });
  const body = { model: 'm', messages: [{ role: 'user', content: parts }] };
  const { request, native } = decodeRequest(body);
  const call: DecodedCall = {
    dialect: 'openai-chat',
    input: { kind: 'chat', request, native: { dialect: 'openai-chat', body: native } },
    isStreamed: false,
    ignored: [],
    openStream: () => ({ encode: () => '', heartbeat: () => '' }),
    encodeWhole: () => ({}),
  };
  const context = { keyId: 'k', requestId: 'r', traceparent: '', deadlineMs: 60_000, bodyBytes: 1 };
  const done = links.around(call, { context, body, header: () => undefined });
  const { input } = await done;
  if (input.kind !== 'chat') throw new Error('not a chat');
  return { isSame: done === call, content: input.request.messages[0]?.content, native: input.native?.body, discarded };
}

const picture = (url: string) => ({ type: 'image_url', image_url: { url } });

describe('pictures by address', () => {
  it('are put into the request of an upstream that fetches none, and kept nowhere', async () => {
    const { content, native, discarded } = await around([picture(LINK), picture(LINK)]);
    const source = { type: 'data', mediaType: 'image/png', base64: 'cG5n' };
    expect(content).toEqual([
      { type: 'image', source },
      { type: 'image', source },
    ]);
    expect(JSON.stringify(native)).toContain(LINK);
    expect(discarded).toEqual([LINK]);
  });

  it('are left to upstreams that fetch them; data and films are no business of it', async () => {
    expect((await around([picture(LINK)], { upstreams: ['openai'] })).isSame).toBe(true);
    const film = { type: 'video_url', video_url: { url: 'https://www.youtube.com/watch?v=abc' } };
    expect((await around([picture('data:image/png;base64,AAAA'), film])).isSame).toBe(true);
  });

  it('that are too much for one request are refused by their field', async () => {
    await expect(around([picture(LINK)], { bytes: 33 * 1024 * 1024 })).rejects.toMatchObject({
      data: { code: 'too_large', param: 'messages[0].content[0].image_url.url' },
    });
  });
});
