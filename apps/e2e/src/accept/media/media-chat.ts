import assert from 'node:assert/strict';
import { expectSuccess } from '../../harness/admin-client.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { unique } from '../../harness/unique.js';
import { readSubmissions, VIDEO_MODEL } from '../../scenarios/durable-videos.js';
import { fetchLinked, imageThroughChat, playChat, promptFor, videoThroughChat } from '../../scenarios/media-chat.js';
import type { Check } from '../capability.js';

/** Long enough to be seen getting on. */
const LONG_MS = 5_000;

type Call = { isStreamed: boolean; progress: 'reasoning' | 'content' };

const KINDS = {
  video: (client: SluiceClient, call: Call) =>
    videoThroughChat(client, { ...call, ...(call.isStreamed && { videoMs: LONG_MS }) }),
  image: (client: SluiceClient, call: Call) => imageThroughChat(client, call),
} as const;

/** A chat client of the old systems plays a video and an image, plain and streamed, both progress styles. */
export function mediaChatChecks(client: SluiceClient): Check[] {
  const played = (['video', 'image'] as const).flatMap((kind) =>
    [true, false].flatMap((isStreamed) =>
      (['reasoning', 'content'] as const).map((progress) => ({
        title: `a chat client plays a ${kind}, ${isStreamed ? 'streamed' : 'plain'}, progress in ${progress}`,
        prove: () => KINDS[kind](client, { isStreamed, progress }),
      })),
    ),
  );
  return [
    ...played,
    { title: 'the operator changes how chats tell it, at run time', prove: () => provedSettings(client) },
    { title: 'a client leaves in the middle and comes back', prove: () => provedReturn(client) },
  ];
}

async function provedSettings({ openai, admin }: SluiceClient): Promise<string> {
  const call = { model: VIDEO_MODEL, isStreamed: true } as const;
  const changed = { MEDIA_CHAT_PROGRESS: 'none', MEDIA_CHAT_FINISH_REASON: 'STOP' } as const;
  try {
    for (const [name, value] of Object.entries(changed))
      expectSuccess(await admin.call('PUT', `/settings/${name}`, { value }));
    const bare = await playChat(openai, promptFor('without a word'), call);
    assert.deepEqual([bare.reasoning, bare.finish], ['', 'STOP']);
    await fetchLinked(bare.content, 'video');
  } finally {
    for (const name of Object.keys(changed)) expectSuccess(await admin.call('DELETE', `/settings/${name}`));
  }
  const usual = await playChat(openai, promptFor('with words'), call);
  assert.equal(usual.finish, 'stop');
  assert.match(usual.reasoning, /\d+%/);
  return 'no progress and STOP, then both as before, on a running gateway';
}

/** The connection breaks in the middle; the same call again has the same film. */
async function provedReturn(client: SluiceClient): Promise<string> {
  const prompt = promptFor('left and come back', LONG_MS);
  const headers = { 'idempotency-key': unique('key') };
  const abort = new AbortController();
  const { openai, simulator } = client;
  const messages = [{ role: 'user' as const, content: prompt }];
  const left = await openai.chat.completions.create(
    { model: VIDEO_MODEL, messages, stream: true },
    { headers, signal: abort.signal },
  );
  for await (const chunk of left) {
    assert.ok(chunk.id.startsWith('chatcmpl-'));
    abort.abort();
    break;
  }
  const { data, response } = await openai.chat.completions
    .create({ model: VIDEO_MODEL, messages }, { headers })
    .withResponse();
  assert.equal(response.headers.get('idempotent-replayed'), 'true');
  await fetchLinked(data.choices[0]?.message.content ?? '', 'video');
  assert.equal((await readSubmissions(simulator.url, prompt)).get(prompt), 1);
  return 'streamed until the client left, then whole by the same key: submitted once';
}
