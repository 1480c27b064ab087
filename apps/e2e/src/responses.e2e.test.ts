import OpenAI from 'openai';
import OpenAICurrent from 'openai-current';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './harness/eventually.js';
import { httpCall } from './harness/http-call.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { startSluice, type StartedSluice } from './harness/start-sluice.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;
const options = { baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 };
const openai = sluice.openai;
const current = new OpenAICurrent(options);
/** The current SDK's calls, by the types of the one before: what these tests use is the same in both. */
const both = [
  ['the SDK before', openai],
  ['the current SDK', current as unknown as OpenAI],
] as const;

type Create = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Input = string | OpenAI.Responses.ResponseInput;
type Item = OpenAI.Responses.ResponseInputItem;
type Event = OpenAI.Responses.ResponseStreamEvent;

function body(input: Input, extras: Omit<Create, 'input' | 'stream'> = {}) {
  return { model: 'sim-chat', ...extras, input };
}

const WEATHER: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: false,
};

/** On a machine that is busy there may be some. */
function isHeartbeat({ type }: { type: string }): boolean {
  return type === 'keepalive';
}

async function collect(stream: AsyncIterable<Event>): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of stream) if (!isHeartbeat(event)) events.push(event);
  return events;
}

const ECHO = '[[sim:echo-request]]';

/** What the upstream was asked, in its own words. */
async function asked({
  input = ECHO,
  ...request
}: Omit<Create, 'input' | 'stream'> & { input?: Input }): Promise<{ messages: { role: string; content: unknown }[] }> {
  const { output_text: text } = await openai.responses.create(body(input, request));
  return JSON.parse(text) as Awaited<ReturnType<typeof asked>>;
}

async function failureOf(run: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const thrown: unknown = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof OpenAI.APIError) return thrown;
  throw new Error(`no failure: ${String(thrown)}`);
}

describe.each(both)('with %s', (_, sdk) => {
  it('a response is answered, kept, found and forgotten', async () => {
    const made = await sdk.responses.create(body('hello there', { instructions: 'Be brief.', metadata: { a: 'b' } }));
    expect(made).toMatchObject({
      object: 'response',
      status: 'completed',
      model: 'sim-chat',
      output_text: 'Simulated reply to: hello there',
      instructions: 'Be brief.',
      metadata: { a: 'b' },
      error: null,
      incomplete_details: null,
      usage: { output_tokens: 5, input_tokens_details: { cached_tokens: 0 }, output_tokens_details: {} },
    });
    expect(made.id).toMatch(/^resp_/);
    expect(made.output[0]).toMatchObject({ type: 'message', role: 'assistant', status: 'completed' });
    const { output_text: _text, ...kept } = await sdk.responses.retrieve(made.id);
    expect(made).toMatchObject(kept);
    await sdk.responses.delete(made.id);
    expect((await failureOf(openai.responses.retrieve(made.id))).status).toBe(404);
  });

  it('the streaming helper gathers the same response', async () => {
    const made = await sdk.responses.stream(body('hello there')).finalResponse();
    expect(made).toMatchObject({ status: 'completed', output_text: 'Simulated reply to: hello there' });
    const kept = await sdk.responses.retrieve(made.id);
    expect(kept).toMatchObject({ id: made.id, output_text: made.output_text, usage: made.usage });
  });

  it('the helper goes on with a response that another call began', async () => {
    const made = await sdk.responses.create(body('go on [[sim:chunks=12]]'));
    const stream = sdk.responses.stream({ response_id: made.id, starting_after: 5 } as never);
    const numbers: number[] = [];
    for await (const event of stream as unknown as AsyncIterable<Event>) numbers.push(event.sequence_number);
    expect(numbers[0]).toBe(6);
    expect((await stream.finalResponse()).output_text).toBe(made.output_text);
  });

  it('a heartbeat troubles nobody', async () => {
    const slow = body('slow [[sim:chunks=3,chunk-delay-ms=650]]');
    const stream = sdk.responses.stream(slow);
    const seen: string[] = [];
    for await (const event of stream as AsyncIterable<Event>) seen.push(event.type);
    expect(seen).toContain('keepalive');
    expect((await stream.finalResponse()).status).toBe('completed');
  });

  it.each(['', ',interleave-tools'])('parallel calls arrive whole, plain and streamed%s', async (markers) => {
    const request = body(`please [[sim:tools=3${markers}]]`, { tools: [WEATHER] });
    for (const made of await Promise.all([
      sdk.responses.create(request),
      sdk.responses.stream(request).finalResponse(),
    ])) {
      const output: OpenAI.Responses.ResponseOutputItem[] = made.output;
      const calls = output.filter((item) => item.type === 'function_call');
      expect(calls).toHaveLength(3);
      expect(new Set(calls.map(({ call_id: id }) => id)).size).toBe(3);
      for (const call of calls) expect(JSON.parse(call.arguments)).toHaveProperty('city');
    }
  });
});

describe('an agent', () => {
  it('that sends all it has goes through ten turns of thinking, calling, answering', async () => {
    const input: Item[] = [];
    const request = {
      model: 'sim-reasoner',
      tools: [WEATHER],
      store: false,
      include: ['reasoning.encrypted_content' as const],
      reasoning: { summary: 'auto' as const },
    };
    for (let turn = 1; turn <= 10; turn += 1) {
      input.push({ role: 'user', content: `turn ${turn}` });
      const first = await openai.responses.stream({ ...request, input }).finalResponse();
      expect(first.output.map(({ type }) => type)).toEqual(['reasoning', 'function_call']);
      const [call] = first.output.filter((item) => item.type === 'function_call');
      const output = { type: 'function_call_output' as const, call_id: call?.call_id ?? '', output: `snow ${turn}` };
      input.push(...(first.output as Item[]), output);
      const second = await openai.responses.stream({ ...request, input }).finalResponse();
      expect(second.output_text).toContain(`snow ${turn}`);
      input.push(...(second.output as Item[]));
    }
    const { messages } = await asked({ input: [...input, { role: 'user', content: ECHO }] });
    const thinking = messages.filter(({ role }) => role === 'assistant') as { reasoning_content?: string }[];
    expect(thinking).toHaveLength(20);
    for (const { reasoning_content: text } of thinking) expect(text).toContain('Thinking about the request');
  });

  it('that names the response before goes through ten turns as well', async () => {
    let previous: string | null = null;
    for (let turn = 1; turn <= 10; turn += 1) {
      const request = { model: 'sim-reasoner', tools: [WEATHER] };
      const first: OpenAI.Responses.Response = await openai.responses
        .stream({ ...request, input: `turn ${turn}`, previous_response_id: previous })
        .finalResponse();
      const call = first.output.find((item) => item.type === 'function_call');
      const output = { type: 'function_call_output' as const, call_id: call?.call_id ?? '', output: `snow ${turn}` };
      const second: OpenAI.Responses.Response = await openai.responses.create({
        ...request,
        input: [output],
        previous_response_id: first.id,
      });
      expect(second).toMatchObject({ previous_response_id: first.id });
      expect(second.output_text).toContain(`snow ${turn}`);
      previous = second.id;
    }
    const { messages } = await asked({ previous_response_id: previous });
    expect(messages.filter(({ role }) => role === 'tool')).toHaveLength(10);
    expect(messages[0]).toMatchObject({ role: 'user', content: 'turn 1' });
  });
});

describe('what a request names of earlier ones', () => {
  it('is said before it; earlier instructions are not', async () => {
    const first = await openai.responses.create(body('one', { instructions: 'Be brief.' }));
    const second = await openai.responses.create(body('two', { previous_response_id: first.id }));
    const { messages } = await asked({ previous_response_id: second.id, instructions: 'Be long.' });
    expect(messages.map(({ role, content }) => [role, content])).toEqual([
      ['system', 'Be long.'],
      ['user', 'one'],
      ['assistant', 'Simulated reply to: one'],
      ['user', 'two'],
      ['assistant', 'Simulated reply to: two'],
      ['user', ECHO],
    ]);
  });

  it('can be a single item', async () => {
    const { output } = await openai.responses.create(body('one'));
    const reference = { type: 'item_reference' as const, id: output[0]?.id ?? '' };
    const { messages } = await asked({ input: [reference, { role: 'user', content: ECHO }] });
    expect(messages[0]).toMatchObject({ role: 'assistant', content: 'Simulated reply to: one' });
    const failure = await failureOf(openai.responses.create(body([{ type: 'item_reference', id: 'rs_none' }])));
    expect(failure).toMatchObject({ status: 404, param: 'input[0].id' });
  });

  it("is refused at once where it is not there, not kept, or another's", async () => {
    const refusal = { status: 400, code: 'previous_response_not_found', param: 'previous_response_id' };
    const unkept = await openai.responses.create(body('one', { store: false }));
    expect((await failureOf(openai.responses.retrieve(unkept.id))).status).toBe(404);
    const { key } = await sluice.admin.createKey('stranger');
    const stranger = sluice.openaiWith(key);
    const kept = await openai.responses.create(body('one'));
    const naming = (id: string) => body('two', { previous_response_id: id });
    const refused = await Promise.all([
      failureOf(openai.responses.create(naming('resp_none'))),
      failureOf(openai.responses.create(naming(unkept.id))),
      failureOf(stranger.responses.create(naming(kept.id))),
    ]);
    for (const failure of refused) expect(failure).toMatchObject(refusal);
    const unknown = await Promise.all([
      failureOf(stranger.responses.retrieve(kept.id)),
      failureOf(stranger.responses.delete(kept.id)),
      failureOf(stranger.responses.cancel(kept.id)),
      failureOf(stranger.responses.inputItems.list(kept.id)),
    ]);
    for (const { status } of unknown) expect(status).toBe(404);
    expect((await openai.responses.retrieve(kept.id)).id).toBe(kept.id);
  });
});

describe('two replicas', () => {
  let own: StartedSluice;
  let clients: OpenAI[];
  beforeAll(async () => {
    own = await startSluice({ environment: { SLUICE_DEMO: 'on', SLUICE_REPLICAS: 'gateway=2', LOG_LEVEL: 'warn' } });
    clients = Object.values(own.run.gateways).map(
      (url) => new OpenAI({ baseURL: `${url}/v1`, apiKey: own.run.apiKey, maxRetries: 0 }),
    );
  });
  afterAll(async () => void (await own?.stop()));

  it("go on with each other's chain at once, and follow each other's streams", async () => {
    const [left, right] = clients;
    if (!left || !right) throw new Error('there is one replica only');
    let previous: string | null = null;
    for (let turn = 1; turn <= 10; turn += 1) {
      const request: OpenAI.Responses.ResponseCreateParamsStreaming = {
        ...body(`turn ${turn}`),
        previous_response_id: previous,
        stream: true,
      };
      const [replica, other] = turn % 2 === 0 ? [left, right] : [right, left];
      const events: Event[] = [];
      let followed: Promise<Event[]> | undefined;
      for await (const event of await replica.responses.create(request)) {
        events.push(event);
        if (event.type === 'response.created') {
          followed = other.responses.retrieve(event.response.id, { stream: true }).then(collect);
        }
        if (event.type !== 'response.completed') continue;
        previous = event.response.id;
        expect((await other.responses.retrieve(previous)).status).toBe('completed');
      }
      expect(await followed).toEqual(events.filter((event) => !isHeartbeat(event)));
    }
    const { output_text: text } = await left.responses.create(body(ECHO, { previous_response_id: previous }));
    expect((JSON.parse(text) as { messages: object[] }).messages).toHaveLength(21);
  });
});

describe('beside answering', () => {
  it('what was asked is listed, page by page', async () => {
    const input: Item[] = ['a', 'b', 'c'].map((content) => ({ role: 'user', content }));
    const { id } = await openai.responses.create(body(input));
    const texts: string[] = [];
    for await (const item of openai.responses.inputItems.list(id, { limit: 2, order: 'asc' })) {
      if (item.type === 'message') texts.push(...item.content.map((part) => ('text' in part ? part.text : '')));
    }
    expect(texts).toEqual(['a', 'b', 'c']);
  });

  it('tokens are counted without a model being asked', async () => {
    const counted = await openai.responses.inputTokens.count({ input: 'hello there', tools: [WEATHER] });
    expect(counted.object).toBe('response.input_tokens');
    expect(counted.input_tokens).toBeGreaterThan(10);
  });

  it('a response that was waited for cannot be cancelled', async () => {
    const { id } = await openai.responses.create(body('one'));
    expect(await failureOf(openai.responses.cancel(id))).toMatchObject({ status: 400 });
  });

  it('tools and fields that nobody here serves are ignored and named', async () => {
    const { response } = await openai.responses
      .create(body('one', { tools: [{ type: 'web_search' }], truncation: 'auto' }))
      .withResponse();
    expect(response.headers.get('x-sluice-ignored-fields')).toBe('truncation, tools[0] of type web_search');
  });
});

describe('events', () => {
  const headers = { authorization: `Bearer ${apiKey}` };
  const framesOf = (text: string) => text.split('\n\n').filter((frame) => frame.startsWith('event: response.'));
  const replay = async (id: string, query: string) => {
    const url = `${gateway}/v1/responses/${id}?stream=true${query}`;
    const { text } = await httpCall({ url, headers });
    return framesOf(text);
  };

  it('are resumed from every one with the same tail', async () => {
    const url = `${gateway}/v1/responses`;
    const request = { ...body('hello [[sim:tools=2,reasoning=3]]', { tools: [WEATHER] }), stream: true };
    const { text } = await httpCall({ url, headers, body: request });
    const frames = framesOf(text);
    const [, id = ''] = /"id":"(resp_[^"]+)"/.exec(text) ?? [];
    expect(await replay(id, '')).toEqual(frames);
    const tails = await Promise.all(frames.map((_, after) => replay(id, `&starting_after=${after}`)));
    tails.forEach((tail, after) => expect(tail).toEqual(frames.slice(after + 1)));
    expect(text).not.toContain('[DONE]');
  });

  it('of a running response are followed by another call', async () => {
    const slow = { ...body('slow [[sim:chunks=15,chunk-delay-ms=40]]'), stream: true as const };
    const own: Event[] = [];
    let followed: Promise<Event[]> | undefined;
    for await (const event of await openai.responses.create(slow)) {
      if (!isHeartbeat(event)) own.push(event);
      if (event.type === 'response.created') {
        const { id } = event.response;
        expect((await openai.responses.retrieve(id)).status).toBe('in_progress');
        followed = openai.responses.retrieve(id, { stream: true }).then(collect);
      }
    }
    expect(await followed).toEqual(own);
  });

  it('an upstream that fails before a word is a status, later a response.failed', async () => {
    const { model } = await sluice.admin.createModel();
    const early = { ...body('x [[sim:status=400,error-message=Bad]]'), model, stream: true as const };
    expect((await failureOf(openai.responses.create(early))).status).toBe(400);
    const late = { ...body('x [[sim:chunks=6,error-after=3]]'), model, stream: true as const };
    const events = await collect(await openai.responses.create(late));
    expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { status: 'failed', error: {} } });
    expect(events.filter(({ type }) => /^response\.(completed|failed|incomplete)$/.test(type))).toHaveLength(1);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  });

  it('a response whose client leaves ends as cancelled', async () => {
    const slow = { ...body('slow [[sim:chunks=100,chunk-delay-ms=40]]'), stream: true as const };
    const stream = await openai.responses.create(slow);
    for await (const event of stream) {
      if (event.type !== 'response.created') continue;
      stream.controller.abort();
      await eventually('it is cancelled', async () => {
        const { status } = await openai.responses.retrieve(event.response.id);
        return status === 'cancelled';
      });
      break;
    }
  });

  it('an answer that was cut by its limit is incomplete', async () => {
    const made = await openai.responses.create(body('x [[sim:chunks=20]]', { max_output_tokens: 3 }));
    expect(made).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
  });
});
