import { systemClock } from '@sluice/contracts/clock';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { openaiManifest } from '@sluice/manifests/openai';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { chatConformance } from './conformance.js';
import type { Upstream } from './upstream.js';

type Chat = NonNullable<Upstream<string>['chat']>;

const FINISH: ChatPart = { type: 'finish', choice: 0, reason: 'stop' };

/** Speaks a protocol of its own, one character a text and `.` for the end, and keeps every promise. */
const good: Chat = async function* (_request, { http, baseUrl, signal }) {
  const response = await http.request({ method: 'POST', url: baseUrl, signal });
  if (response.status !== 200) {
    response.discard();
    throw new GatewayError('upstream_error', 'no', { saw: 'unknown' });
  }
  for await (const piece of response.body) {
    for (const letter of Buffer.from(piece).toString('latin1')) {
      if (letter === '.') {
        yield FINISH;
        return;
      }
      if (!/[a-z]/.test(letter)) throw new GatewayError('upstream_bad_answer', 'no letter', { saw: 'unknown' });
      yield { type: 'text-delta', choice: 0, text: letter };
    }
  }
  throw new GatewayError('upstream_interrupted', 'no end', { saw: 'unknown' });
};

async function broken(chat: Chat): Promise<string[]> {
  const cases = chatConformance({
    upstream: { manifest: openaiManifest, credential: z.string(), chat },
    request: { model: 'm', messages: [] },
    context: ({ http, signal, isStreamed }) => ({
      credential: 'sealed',
      credentialId: 'c',
      kind: 'api-key',
      baseUrl: 'http://upstream.test',
      model: 'm',
      generationId: 'g',
      readMedia: async function* () {},
      clock: systemClock,
      http,
      signal,
      isStreamed,
    }),
    streams: { abc: 'abc.' },
    wholes: { ab: 'ab.' },
    secret: 'sealed',
  });
  const names: string[] = [];
  for (const { name, run } of cases) await run().catch(() => names.push(name));
  return names;
}

function wrapped(wrap: (parts: AsyncIterable<ChatPart>) => AsyncIterable<ChatPart>): Chat {
  return (request, context) => wrap(good(request, context));
}

it('passes an adapter that keeps its promises', async () => {
  expect(await broken(good)).toEqual([]);
});

it.each<[string, Chat, RegExp]>([
  [
    'finishes twice',
    wrapped(async function* (parts) {
      yield* parts;
      yield FINISH;
    }),
    /parts in their order/,
  ],
  [
    'takes a cut for the end',
    wrapped(async function* (parts) {
      try {
        yield* parts;
      } catch (thrown) {
        if (!(thrown instanceof GatewayError) || thrown.code !== 'upstream_interrupted') throw thrown;
        yield FINISH;
      }
    }),
    /ended at any byte/,
  ],
  [
    "throws a stranger's error",
    wrapped(async function* (parts) {
      try {
        yield* parts;
      } catch {
        throw new TypeError('oops');
      }
    }),
    /status 500/,
  ],
  [
    'tells the secret',
    wrapped(async function* (parts) {
      try {
        yield* parts;
      } catch {
        throw new GatewayError('upstream_auth', 'sealed is wrong', { saw: 'refused' });
      }
    }),
    /status 401/,
  ],
  [
    'tries again',
    async function* (request, context) {
      try {
        yield* good(request, context);
      } catch {
        yield* good(request, context);
      }
    },
    /status 500/,
  ],
  [
    'leaves a body open',
    async function* (_request, { http, signal }) {
      await http.request({ method: 'POST', url: 'x', signal });
      yield FINISH;
    },
    /parts in their order/,
  ],
  [
    'depends on where the bytes are cut',
    async function* (_request, { http, signal }) {
      const { body } = await http.request({ method: 'POST', url: 'x', signal });
      for await (const piece of body) yield { type: 'text-delta', choice: 0, text: Buffer.from(piece).toString() };
      yield FINISH;
    },
    /cut at any byte/,
  ],
])('finds an adapter that %s', async (_name, chat, expected) => {
  expect((await broken(chat)).join('\n')).toMatch(expected);
});
