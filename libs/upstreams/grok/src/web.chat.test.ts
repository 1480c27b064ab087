import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { webChat } from './web.chat.js';

const request: ChatRequest = {
  model: 'grok-4',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
};
const R = { responseId: 'r1' };
const token = (text: string, more: JsonObject = {}): JsonObject => ({ token: text, isThinking: false, ...R, ...more });
const SOFT_STOP = token('', { isSoftStop: true });
const whole = (message: string, more: JsonObject = {}): JsonObject => ({
  modelResponse: { ...R, message, ...more },
  ...R,
});

function lines(...frames: JsonObject[]): FakeAnswer {
  return { pieces: frames.map((response) => `${JSON.stringify({ result: { response } })}\n`) };
}

async function ask(answers: FakeAnswer[], more: Partial<ChatRequest> = {}) {
  const http = createFakeHttp(...answers);
  const parts: ChatPart[] = [];
  const session = createSessionContext({ http });
  const run = async () => {
    for await (const part of webChat({ ...request, ...more }, session)) parts.push(part);
  };
  const error = await run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
  const thoughts = parts.map((part) => (part.type === 'reasoning-delta' ? part.text : '')).join('');
  return { parts, error, text, thoughts, requests: http.requests };
}

describe('a chat on the website', () => {
  it('tells thoughts apart from the answer, and leaves out what is for the machine alone', async () => {
    const { text, thoughts, parts, requests } = await ask([
      lines(
        { userResponse: { ...R, model: 'grok-4' }, ...R },
        token('Plan', { isThinking: true, messageTag: 'header' }),
        token('<internal/>', {
          isThinking: true,
          messageTag: 'tool_usage_card',
          webSearchResults: { results: [{ title: 'A [1]', url: 'https://a.test' }] },
        }),
        token('raw', { messageTag: 'raw_function_result' }),
        token('Hel', { messageTag: 'final' }),
        token('lo', { messageTag: 'final' }),
        SOFT_STOP,
        whole('Hello'),
      ),
    ]);
    expect({ text, thoughts }).toEqual({ text: 'Hello', thoughts: '\nPlan\n\n- [A  1 ](https://a.test)\n' });
    expect(parts.at(0)).toMatchObject({ type: 'start', upstreamId: 'r1', model: 'grok-4' });
    expect(parts.at(-2)).toEqual({ type: 'finish', choice: 0, reason: 'stop' });
    expect(requests[0]).toMatchObject({
      url: 'https://grok.com/rest/app-chat/conversations/new',
      headers: { cookie: 'sso-rw=sealed-sso; sso=sealed-sso' },
    });
  });

  it('asks for the model by its own names', async () => {
    const { requests } = await ask([lines(token('x'), whole('x'))]);
    expect(JSON.parse(String(requests[0]?.body))).toMatchObject({
      modelName: 'grok-4',
      modelMode: 'MODEL_MODE_GROK_4',
      message: 'Hello',
      temporary: true,
    });
  });

  it('takes the whole answer where no piece of it came, or its tail', async () => {
    expect((await ask([lines(whole('All of it'))])).text).toBe('All of it');
    expect((await ask([lines(token('All'), whole('All of it'))])).text).toBe('All of it');
    expect((await ask([lines(token('All'), whole('Other words'))])).text).toBe('All');
  });

  it('reads the marks of an event stream too', async () => {
    const pieces = [
      `data: ${JSON.stringify({ result: token('Hi') })}\n\n`,
      `data: ${JSON.stringify({ result: SOFT_STOP })}\n\ndata: [DONE]\n`,
    ];
    expect((await ask([{ pieces }])).text).toBe('Hi');
  });

  it('takes the markup of the site’s own pages out, wherever it is cut', async () => {
    const pieces = [
      'a <grok:ren',
      'der card_id="1"><argument name="x">y</argu',
      'ment></grok:render> b <',
      ' c <xaiartifact/>d',
    ];
    expect((await ask([lines(...pieces.map((piece) => token(piece)), SOFT_STOP)])).text).toBe('a  b < c d');
  });

  it('puts the turns before the last into the one message', async () => {
    const { requests } = await ask([lines(whole('x'))], {
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'Be short.' }] },
        { role: 'user', content: [{ type: 'text', text: 'One' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Two' }] },
        { role: 'user', content: [{ type: 'text', text: 'Three' }] },
      ],
    });
    expect(JSON.parse(String(requests[0]?.body))).toMatchObject({
      message: 'system: Be short.\n\nuser: One\n\nassistant: Two\n\nThree',
    });
  });

  it('brings files into the account first', async () => {
    const uploaded = { pieces: ['{"fileMetadataId":"f1","fileUri":"users/u/f1/content"}'] };
    const picture = { type: 'image', source: { type: 'data', mediaType: 'image/jpeg', base64: 'AAAA' } } as const;
    const { requests } = await ask([uploaded, lines(whole('x'))], {
      messages: [{ role: 'user', content: [{ type: 'text', text: 'See' }, picture] }],
    });
    expect(JSON.parse(String(requests[0]?.body))).toEqual({
      fileName: 'image-1.jpg',
      fileMimeType: 'image/jpeg',
      content: 'AAAA',
    });
    expect(JSON.parse(String(requests[1]?.body))).toMatchObject({ fileAttachments: ['f1'], message: 'See' });
  });

  it('fetches the pictures of an answer from the account, with its session', async () => {
    const made = lines(
      whole('Here.', { generatedImageUrls: ['/'] }),
      whole('Here.', { generatedImageUrls: ['users/u/generated/i/image.jpg'] }),
      SOFT_STOP,
    );
    const { parts, requests } = await ask([made, { headers: { 'content-type': 'image/jpeg' }, pieces: ['jpeg'] }]);
    expect(requests[1]).toMatchObject({
      url: 'https://assets.grok.com/users/u/generated/i/image.jpg',
      headers: { cookie: expect.stringContaining('sealed-sso') },
    });
    expect(parts.filter(({ type }) => type === 'image')).toHaveLength(1);
  });

  it.each([{ choices: 2 }, { stop: ['x'] }])('refuses what it cannot do: %j', async (more) => {
    const { error, requests } = await ask([], more);
    expect(error).toMatchObject({ code: 'unsupported', data: { saw: 'nothing' } });
    expect(requests).toHaveLength(0);
  });
});

describe('what goes wrong', () => {
  it.each<[string, FakeAnswer, object]>([
    [
      'an error in a line of a 200',
      { pieces: ['{"error":{"code":8,"message":"You have hit a limit"}}\n'] },
      { code: 'upstream_rate_limited' },
    ],
    [
      'an overload told in a frame',
      lines({ error: { message: 'Stream aborted: ResourceExhausted load_shed', severity: 'NORMAL' } }),
      { code: 'upstream_overloaded' },
    ],
    [
      'errors of the stream in the whole answer',
      lines(whole('', { streamErrors: ['load_shed'] })),
      { code: 'upstream_overloaded' },
    ],
    ['an answer that is cut', lines(token('Hel')), { code: 'upstream_interrupted' }],
    ['an empty answer', lines(SOFT_STOP), { code: 'upstream_bad_answer' }],
    ['no answer at all', { pieces: [''] }, { code: 'upstream_interrupted' }],
    ['a web page in a 200', { pieces: ['<html></html>'] }, { code: 'upstream_bad_answer' }],
    [
      'a refusal of our way out',
      { status: 403, pieces: ['{"error":{"code":7,"message":"Request rejected by anti-bot rules.","details":[]}}'] },
      { code: 'challenge_required', data: { reason: 'anti_bot' } },
    ],
    ['a challenge', { status: 403, pieces: ['<html>Just a moment...</html>'] }, { code: 'challenge_required' }],
    [
      'a session that is over',
      { status: 401, pieces: ['{"error":{"code":16,"message":"bad-credentials"}}'] },
      { code: 'upstream_auth' },
    ],
    [
      'an account that is blocked',
      { status: 403, pieces: ['{"code":7,"message":"User is blocked: x [WKE=unauthorized:blocked-user]"}'] },
      { code: 'upstream_auth', data: { reason: 'account_blocked' } },
    ],
    [
      'a limit',
      { status: 429, pieces: ['{"error":{"code":8,"message":"rate limited"}}'] },
      { code: 'upstream_rate_limited' },
    ],
    [
      'a refused content',
      { status: 400, pieces: ['{"code":3,"message":"no [WKE=grok:content-moderated]"}'] },
      { code: 'content_refused' },
    ],
    [
      'an old client',
      { status: 403, pieces: ['{"code":7,"message":"This page is out of date. Reload to continue."}'] },
      { code: 'upstream_error', data: { reason: 'outdated' } },
    ],
    [
      'a failure of theirs',
      { status: 500, pieces: ['{"code":13,"message":"Failed to send request."}'] },
      { code: 'upstream_error', data: { saw: 'unknown' } },
    ],
  ])('%s is told as what it is', async (_name, answer, expected) => {
    expect((await ask([answer])).error).toMatchObject(expected);
  });
});
