import { GatewayError } from '@sluice/contracts/gateway-error';
import { describe, expect, it } from 'vitest';
import { eventsOf, frameFor, outputOf, signature, start, done, streamOf, text, thought } from './answer.fixture.js';
import { decodeRequest, decodeTokensRequest } from './decode-request.js';
import type { WireItem } from './item-schema.js';
import { parseRequest, parseTokensRequest } from './parse-request.js';

const decode = (body: object) => decodeRequest(parseRequest({ model: 'm', input: 'hi', ...body }));
const messages = (input: unknown) => decode({ input }).request.messages;

function refusalOf(body: unknown): GatewayError['data'] {
  try {
    decodeRequest(parseRequest(body));
  } catch (error) {
    if (error instanceof GatewayError) return error.data;
  }
  throw new Error('not refused');
}

const said = (value: string) => [{ type: 'text', text: value }];
const toolCall = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"a":1}' };

describe('input', () => {
  it('a string is what the user says', () => {
    expect(messages('hi')).toEqual([{ role: 'user', content: said('hi') }]);
  });

  it('messages are taken with and without a type, with texts of any name', () => {
    expect(
      messages([
        { role: 'developer', content: 'Be brief.' },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
        { role: 'assistant', content: [{ type: 'output_text', text: 'ho', annotations: [] }] },
        { role: 'user', content: [{ type: 'text', text: 'more' }] },
      ]),
    ).toEqual([
      { role: 'developer', content: said('Be brief.') },
      { role: 'user', content: said('hi') },
      { role: 'assistant', content: said('ho') },
      { role: 'user', content: said('more') },
    ]);
  });

  it('images and files are taken in every form', () => {
    const content = [
      { type: 'input_image', image_url: 'https://x.test/a.png', detail: 'low' },
      { type: 'input_image', file_id: 'file-1' },
      { type: 'input_file', file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' },
      { type: 'input_file', file_url: 'https://x.test/a.pdf' },
    ];
    expect(messages([{ role: 'user', content }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'url', url: 'https://x.test/a.png' }, detail: 'low' },
          { type: 'image', source: { type: 'file', fileId: 'file-1' } },
          {
            type: 'file',
            source: { type: 'data', mediaType: 'application/pdf', base64: 'AAAA' },
            filename: 'a.pdf',
          },
          { type: 'file', source: { type: 'url', url: 'https://x.test/a.pdf' } },
        ],
      },
    ]);
  });

  it('what a model said in a row is one message, and results follow it', () => {
    expect(
      messages([
        { role: 'user', content: 'go' },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
        { role: 'assistant', content: 'I call.' },
        toolCall,
        { type: 'custom_tool_call', call_id: 'c2', name: 'shell', input: 'ls' },
        { type: 'function_call_output', call_id: 'c1', output: '1' },
        { type: 'custom_tool_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'x' }] },
      ]),
    ).toEqual([
      { role: 'user', content: said('go') },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm' },
          ...said('I call.'),
          { type: 'tool-call', id: 'c1', name: 'f', input: '{"a":1}' },
          { type: 'tool-call', id: 'c2', name: 'shell', input: 'ls', custom: true },
        ],
      },
      { role: 'tool', toolCallId: 'c1', content: said('1') },
      { role: 'tool', toolCallId: 'c2', content: said('x') },
    ]);
  });

  it('instructions come first, before what was said earlier', () => {
    const history: WireItem[] = [{ type: 'message', role: 'user', content: 'before' }];
    const parsed = parseRequest({ model: 'm', input: 'now', instructions: 'Be brief.', previous_response_id: 'r' });
    expect(decodeRequest(parsed, { history, referenced: new Map() }).request.messages).toEqual([
      { role: 'system', content: said('Be brief.') },
      { role: 'user', content: said('before') },
      { role: 'user', content: said('now') },
    ]);
  });

  it('a reference stands for what it names', () => {
    const parsed = parseRequest({ model: 'm', input: [{ id: 'msg_1' }] });
    expect(parsed.references).toEqual([{ id: 'msg_1', field: 'input[0].id' }]);
    const referenced = new Map<string, WireItem>([['msg_1', { type: 'message', role: 'user', content: 'meant' }]]);
    expect(decodeRequest(parsed, { history: [], referenced }).request.messages).toEqual([
      { role: 'user', content: said('meant') },
    ]);
  });

  it('items of tools that only OpenAI runs are ignored and named', () => {
    const { request, ignored } = decode({
      input: [
        { role: 'user', content: 'hi' },
        { type: 'web_search_call', id: 'ws_1', status: 'completed' },
      ],
    });
    expect(request.messages).toHaveLength(1);
    expect(ignored).toEqual(['input[] of type web_search_call']);
  });
});

describe('reasoning', () => {
  const parts = [start, thought('hm'), signature('sig'), text('ok'), done];
  const itemsFor = (body: object) => {
    return outputOf(eventsOf(streamOf(parts, { frame: frameFor(body) })));
  };

  it.each([{}, { reasoning: { summary: 'auto' } }, { include: ['reasoning.encrypted_content'] }])(
    'goes out and comes back in with its signature: %j',
    (body) => {
      expect(messages([{ role: 'user', content: 'q' }, ...itemsFor(body)])[1]).toEqual({
        role: 'assistant',
        content: [{ type: 'reasoning', text: 'hm', signature: 'sig' }, ...said('ok')],
      });
    },
  );

  it('comes back whole where only the sealed content is sent', () => {
    const [item] = itemsFor({ include: ['reasoning.encrypted_content'] });
    const bare = { type: 'reasoning', summary: [], encrypted_content: item?.['encrypted_content'] };
    expect(messages([bare, { role: 'user', content: 'q' }])[0]).toEqual({
      role: 'assistant',
      content: [{ type: 'reasoning', text: 'hm', signature: 'sig' }],
    });
  });

  it('that was sealed by its issuer comes back as it went', () => {
    const redacted = [start, { type: 'redacted-reasoning' as const, choice: 0, data: 'opaque' }, done];
    const output = outputOf(eventsOf(streamOf(redacted)));
    expect(messages(output)).toEqual([
      { role: 'assistant', content: [{ type: 'redacted-reasoning', data: 'opaque' }] },
    ]);
  });

  it('of another issuer keeps its summary, and its seal is reported', () => {
    const item = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'gAAAA' };
    const { request, ignored } = decode({ input: [item] });
    expect(request.messages[0]?.content).toEqual([{ type: 'reasoning', text: 'hm' }]);
    expect(ignored).toEqual(['input[].encrypted_content of another issuer']);
  });
});

it('a picture that a model made goes out and comes back', () => {
  const image = { type: 'image' as const, choice: 0, mediaType: 'image/webp', base64: 'AAAA', signature: 'sig' };
  expect(messages(outputOf(eventsOf(streamOf([start, image, done]))))).toEqual([
    {
      role: 'assistant',
      content: [{ type: 'image', source: { type: 'data', mediaType: 'image/webp', base64: 'AAAA' }, signature: 'sig' }],
    },
  ]);
});

describe('tools', () => {
  const tools = [
    { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
    { type: 'custom', name: 'shell', format: { type: 'text' } },
  ];

  it('are flat here', () => {
    expect(decode({ tools, parallel_tool_calls: false }).request).toMatchObject({
      tools: [
        { type: 'function', name: 'f', description: 'd', inputSchema: { type: 'object' }, strict: true },
        { type: 'custom', name: 'shell', format: { type: 'text' } },
      ],
      parallelToolCalls: false,
    });
  });

  it.each([
    ['auto', { type: 'auto' }],
    ['required', { type: 'required' }],
    [
      { type: 'function', name: 'f' },
      { type: 'tool', name: 'f' },
    ],
    [
      { type: 'custom', name: 'shell' },
      { type: 'tool', name: 'shell', custom: true },
    ],
    [
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }, { type: 'web_search' }] },
      { type: 'allowed', mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
    ],
  ])('choice %j', (choice, expected) => {
    expect(decode({ tools, tool_choice: choice }).request.toolChoice).toEqual(expected);
  });

  it('of unknown types are ignored and named, as agents send them unasked', () => {
    const { request, ignored } = decode({
      tools: [{ type: 'web_search' }, { type: 'namespace', name: 'x', tools: [] }],
    });
    expect(request.tools).toBeUndefined();
    expect(ignored).toEqual(['tools[0] of type web_search', 'tools[1] of type namespace']);
  });
});

it('every other field is carried', () => {
  const { request, ignored } = decode({
    max_output_tokens: 9,
    temperature: 0.5,
    top_p: 0.9,
    reasoning: { effort: 'high', summary: 'auto' },
    text: { format: { type: 'json_schema', name: 'a', schema: { type: 'object' }, strict: true }, verbosity: 'low' },
    include: ['message.output_text.logprobs'],
    top_logprobs: 3,
    metadata: { a: 'b' },
    prompt_cache_key: 'k',
    prompt_cache_retention: '24h',
    service_tier: 'flex',
    safety_identifier: 's',
    store: true,
    stream: true,
    truncation: 'disabled',
  });
  expect(request).toMatchObject({
    maxOutputTokens: 9,
    sampling: { temperature: 0.5, topP: 0.9 },
    reasoning: { effort: 'high' },
    responseFormat: { type: 'json-schema', name: 'a', schema: { type: 'object' }, strict: true },
    verbosity: 'low',
    logprobs: { top: 3 },
    metadata: { a: 'b' },
    cache: { key: 'k', retention: '24h' },
    serviceTier: 'flex',
    endUser: 's',
  });
  expect(ignored).toEqual([]);
});

it('what is not acted on is named', () => {
  const { ignored } = decode({
    truncation: 'auto',
    max_tool_calls: 3,
    context_management: [],
    include: ['file_search_call.results'],
    stream_options: { include_obfuscation: true },
    user: 'u',
    safety_identifier: 's',
  });
  expect(ignored.toSorted()).toEqual([
    'context_management',
    'include file_search_call.results',
    'max_tool_calls',
    'stream_options.include_obfuscation',
    'truncation',
    'user',
  ]);
});

describe('refused, naming the field', () => {
  const user = { role: 'user', content: 'hi' };
  it.each([
    ['model', { input: 'hi' }],
    ['input', { model: 'm' }],
    ['input', { model: 'm', input: [] }],
    ['input[0].content', { model: 'm', input: [{ role: 'user' }] }],
    ['input[1].type', { model: 'm', input: [user, { type: 'invented' }] }],
    ['input[0].role', { model: 'm', input: [{ type: 'message', role: 'robot', content: '' }] }],
    ['input[0].call_id', { model: 'm', input: [{ type: 'function_call', name: 'f', arguments: '' }] }],
    ['input[0].call_id', { model: 'm', input: [{ type: 'function_call_output', call_id: 'c', output: '' }] }],
    [
      'input[0].content[0].image_url',
      { model: 'm', input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] },
    ],
    ['conversation', { model: 'm', input: 'hi', conversation: 'conv_1' }],
    ['prompt', { model: 'm', input: 'hi', prompt: { id: 'p' } }],
    ['background', { model: 'm', input: 'hi', background: true, store: false }],
    ['tools[0].name', { model: 'm', input: 'hi', tools: [{ type: 'function' }] }],
    ['tool_choice', { model: 'm', input: 'hi', tool_choice: { type: 'file_search' } }],
    ['tool_choice', { model: 'm', input: 'hi', tool_choice: 'required' }],
    ['tool_choice.name', { model: 'm', input: 'hi', tool_choice: { type: 'function', name: 7 } }],
    ['tool_choice', { model: 'm', input: 'hi', tool_choice: { type: 'function', name: 'f' } }],
    ['temperature', { model: 'm', input: 'hi', temperature: 3 }],
    [
      'metadata',
      { model: 'm', input: 'hi', metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [n, ''])) },
    ],
    ['reasoning.effort', { model: 'm', input: 'hi', reasoning: { effort: 'huge' } }],
  ])('%s', (param, body) => {
    expect(refusalOf(body)).toMatchObject({ param });
  });
});

it('tokens are counted of a body without a model', () => {
  const parsed = parseTokensRequest({ input: 'hi', instructions: 'Be brief.' });
  expect(decodeTokensRequest(parsed).messages).toHaveLength(2);
});
