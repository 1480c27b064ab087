import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCountRequest, decodeRequest } from './decode-request.js';
import { parseVersion, type ApiVersion } from './version.js';

const HELLO = { role: 'user', content: 'Hello' };
const TOOL = { name: 'f', description: 'd', input_schema: { type: 'object' }, strict: true };

function decode(body: JsonObject, version: ApiVersion = '2023-06-01') {
  return decodeRequest({ model: 'm', max_tokens: 9, messages: [HELLO], ...body }, { version });
}

function request(body: JsonObject) {
  return decode(body).request;
}

function conversation(...messages: object[]) {
  return request({ messages: messages as JsonObject[] }).messages;
}

function refusal(run: () => unknown): GatewayError {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

it('carries every field that has a meaning anywhere', () => {
  const { ignored, ...decoded } = decode({
    system: 's',
    stream: true,
    stop_sequences: ['x'],
    temperature: 0.5,
    top_p: 0.9,
    top_k: 3,
    tools: [TOOL],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    thinking: { type: 'enabled', budget_tokens: 2048 },
    output_config: { effort: 'high', format: { type: 'json_schema', schema: { type: 'object' } } },
    metadata: { user_id: 'u' },
    service_tier: 'standard_only',
  });
  expect(ignored).toEqual([]);
  expect(decoded).toEqual({
    isStreamed: true,
    isWarmUp: false,
    request: {
      model: 'm',
      maxOutputTokens: 9,
      messages: [
        { role: 'system', content: [{ type: 'text', text: 's' }] },
        { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
      ],
      tools: [{ type: 'function', name: 'f', description: 'd', inputSchema: { type: 'object' }, strict: true }],
      toolChoice: { type: 'required' },
      parallelToolCalls: false,
      reasoning: { effort: 'high', budgetTokens: 2048 },
      responseFormat: { type: 'json-schema', name: 'answer', schema: { type: 'object' } },
      sampling: { temperature: 0.5, topP: 0.9, topK: 3 },
      stop: ['x'],
      endUser: 'u',
      serviceTier: 'default',
    },
  });
});

it('names what it does not act on', () => {
  const { ignored } = decode({
    container: 'c',
    context_management: {},
    anything: 1,
    stop_sequences: ['\n', 'x'],
    thinking: { type: 'adaptive', display: 'omitted' },
    tools: [TOOL, { type: 'web_search_20250305', name: 'web_search' }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a', citations: [{}] },
          { type: 'container_upload', file_id: 'f' },
        ],
      },
    ],
  });
  expect(ignored.toSorted()).toEqual([
    'anything',
    'container',
    'context_management',
    'messages[].content[] of type container_upload',
    'messages[].content[].citations',
    'stop_sequences of blanks',
    'thinking.display',
    'tools[1] of type web_search_20250305',
  ]);
});

describe('versions', () => {
  it.each([
    [undefined, '2023-06-01'],
    ['2023-06-01', '2023-06-01'],
    ['2026-10-21', '2026-10-21'],
    ['2027-01-01', '2026-10-21'],
    ['latest', '2023-06-01'],
  ])('%s is %s', (header, version) => expect(parseVersion(header)).toBe(version));

  it.each(['temperature', 'top_p', 'top_k'])('the newer has no %s, not even the default', (name) => {
    expect(decode({ [name]: 1 }).ignored).toEqual([]);
    const { message, data } = refusal(() => decode({ [name]: 1 }, '2026-10-21'));
    expect([message, data.param]).toEqual([`${name}: Extra inputs are not permitted`, name]);
  });

  it('the newer takes no documents from assistants and no citations from users', () => {
    const document = { type: 'document', title: 't', source: { type: 'text', media_type: 'text/plain', data: 'd' } };
    const said = { messages: [HELLO, { role: 'assistant', content: [document] }, HELLO] };
    expect(request(said).messages[1]).toEqual({
      role: 'assistant',
      content: [{ type: 'text', text: '[document] t\n\nd' }],
    });
    expect(refusal(() => decode(said, '2026-10-21')).data.param).toBe('messages[1].content[0]');
    const cited = { messages: [{ role: 'user', content: [{ type: 'text', text: 'a', citations: [{ a: 1 }] }] }] };
    expect(refusal(() => decode(cited, '2026-10-21')).data.param).toBe('messages[0].content[0].citations');
  });
});

describe('messages', () => {
  it('images and documents of every source', () => {
    const cache_control = { type: 'ephemeral', ttl: '1h' };
    const blocks = [
      { type: 'image', source: { type: 'base64', media_type: 'image/PNG', data: 'AA' }, cache_control },
      { type: 'image', source: { type: 'url', url: 'https://x.test/a.png' } },
      { type: 'image', source: { type: 'file', file_id: 'f' } },
      {
        type: 'document',
        title: 'a.pdf',
        context: 'c',
        source: { type: 'base64', media_type: 'application/pdf', data: 'BB' },
      },
      {
        type: 'document',
        title: 't',
        source: { type: 'text', media_type: 'text/plain', data: 'plain' },
        cache_control,
      },
      { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'inner' }] } },
      { type: 'search_result', title: 'st', source: 'https://s', content: [{ type: 'text', text: 'found' }] },
    ];
    expect(conversation({ role: 'user', content: blocks })).toEqual([
      {
        role: 'user',
        content: [
          {
            type: 'image',
            source: { type: 'data', mediaType: 'image/png', base64: 'AA' },
            cacheBreakpoint: cache_control,
          },
          { type: 'image', source: { type: 'url', url: 'https://x.test/a.png' } },
          { type: 'image', source: { type: 'file', fileId: 'f' } },
          { type: 'text', text: 'c' },
          { type: 'file', source: { type: 'data', mediaType: 'application/pdf', base64: 'BB' }, filename: 'a.pdf' },
          { type: 'text', text: '[document] t\n\nplain', cacheBreakpoint: cache_control },
          { type: 'text', text: 'inner' },
          { type: 'text', text: '[search result] st\nhttps://s\n\nfound' },
        ],
      },
    ]);
  });

  it('tool results become messages of their own, before what else the user said', () => {
    const called = {
      role: 'assistant',
      content: [
        { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
        { type: 'tool_use', id: 't2', name: 'f', input: {} },
      ],
    };
    const answered = {
      role: 'user',
      content: [
        { type: 'text', text: 'and now' },
        { type: 'tool_result', tool_use_id: 't1', content: 'r1', cache_control: { type: 'ephemeral' } },
        {
          type: 'tool_result',
          tool_use_id: 't2',
          is_error: true,
          content: [
            { type: 'text', text: 'r2' },
            { type: 'image', source: { type: 'url', url: 'https://x.test/a' } },
          ],
        },
      ],
    };
    expect(conversation(HELLO, called, answered).slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'tool-call', id: 't1', name: 'f', input: '{"a":1}' },
          { type: 'tool-call', id: 't2', name: 'f', input: '{}' },
        ],
      },
      {
        role: 'tool',
        toolCallId: 't1',
        content: [{ type: 'text', text: 'r1', cacheBreakpoint: { type: 'ephemeral' } }],
      },
      {
        role: 'tool',
        toolCallId: 't2',
        isError: true,
        content: [
          { type: 'text', text: 'r2' },
          { type: 'image', source: { type: 'url', url: 'https://x.test/a' } },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'and now' }] },
    ]);
  });

  it('a result that answers no call is refused', () => {
    const said = {
      messages: [HELLO, { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'gone', content: '' }] }],
    };
    expect(refusal(() => decode(said)).data.param).toBe('messages[1].content[0].tool_use_id');
  });

  it('thinking goes in signed, unsigned and sealed', () => {
    const content = [
      { type: 'thinking', thinking: 'a', signature: 'sig' },
      { type: 'thinking', thinking: 'b', signature: 'sluice-unsigned' },
      { type: 'thinking', thinking: 'c', signature: '' },
      { type: 'redacted_thinking', data: 'sealed' },
    ];
    expect(conversation(HELLO, { role: 'assistant', content })[1]?.content).toEqual([
      { type: 'reasoning', text: 'a', signature: 'sig' },
      { type: 'reasoning', text: 'b' },
      { type: 'reasoning', text: 'c' },
      { type: 'redacted-reasoning', data: 'sealed' },
    ]);
  });

  it('neighbours of one role, an assistant first, and system messages between are taken', () => {
    const roles = conversation(
      { role: 'assistant', content: 'a' },
      HELLO,
      HELLO,
      { role: 'system', content: 's' },
      HELLO,
    ).map(({ role }) => role);
    expect(roles).toEqual(['assistant', 'user', 'user', 'system', 'user']);
  });

  it('empty texts are left out where something else is said', () => {
    const content = [
      { type: 'text', text: '' },
      { type: 'text', text: 'a' },
    ];
    expect(conversation({ role: 'user', content }, { role: 'assistant', content: [] })).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'a' }] },
    ]);
  });

  it('a breakpoint of the whole request stands after the last thing said', () => {
    const { messages } = request({ cache_control: { type: 'ephemeral' } });
    expect(messages[0]?.content).toEqual([{ type: 'text', text: 'Hello', cacheBreakpoint: { type: 'ephemeral' } }]);
  });

  it('an input that was no JSON survives', () => {
    const content = [{ type: 'tool_use', id: 't', name: 'f', input: { invalid_json: '{"a":' } }];
    expect(conversation(HELLO, { role: 'assistant', content })[1]?.content[0]).toHaveProperty('input', '{"a":');
  });
});

describe('tools', () => {
  it.each([
    [{ type: 'auto' }, { toolChoice: { type: 'auto' } }],
    [{ type: 'none' }, { toolChoice: { type: 'none' } }],
    [{ type: 'tool', name: 'f' }, { toolChoice: { type: 'tool', name: 'f' } }],
    [{ type: 'auto', disable_parallel_tool_use: false }, { toolChoice: { type: 'auto' } }],
  ])('%j', (tool_choice, expected) => {
    const { toolChoice, parallelToolCalls } = request({ tools: [TOOL], tool_choice });
    expect({ toolChoice, ...(parallelToolCalls !== undefined && { parallelToolCalls }) }).toEqual(expected);
  });

  it.each([
    [{ tool_choice: { type: 'any' } }, 'tool_choice'],
    [{ tool_choice: { type: 'tool', name: 'g' }, tools: [TOOL] }, 'tool_choice.name'],
    [{ tools: [{ name: 'f' }] }, 'tools[0].input_schema'],
    [{ mcp_servers: [{ url: 'x' }] }, 'mcp_servers'],
  ])('%j is refused', (body, param) => expect(refusal(() => decode(body)).data.param).toBe(param));

  it('a choice among tools of which none is left asks for nothing', () => {
    const { tools, toolChoice } = request({
      tools: [{ type: 'bash_20250124', name: 'bash' }],
      tool_choice: { type: 'auto' },
    });
    expect([tools, toolChoice]).toEqual([undefined, undefined]);
  });
});

it.each([
  [{ type: 'disabled' }, { budgetTokens: 0 }],
  [{ type: 'adaptive' }, {}],
  [{ type: 'between_tools' }, {}],
  [{ type: 'enabled', budget_tokens: 1024 }, { budgetTokens: 1024 }],
])('thinking %j', (thinking, reasoning) => expect(request({ thinking }).reasoning).toEqual(reasoning));

it('max_tokens 0 warms a cache', () => {
  expect(decode({ max_tokens: 0 })).toMatchObject({ isWarmUp: true, request: { maxOutputTokens: 1 } });
});

it('what is counted needs no max_tokens', () => {
  expect(decodeCountRequest({ model: 'm', messages: [HELLO] }, { version: '2023-06-01' }).messages).toHaveLength(1);
});

it.each([
  [{ max_tokens: undefined }, 'max_tokens'],
  [{ max_tokens: -1 }, 'max_tokens'],
  [{ messages: [] }, 'messages'],
  [{ messages: [{ role: 'tool', content: '' }] }, 'messages[0].role'],
  [{ messages: [{ role: 'user', content: [{ type: 'video' }] }] }, 'messages[0].content[0].type'],
  [{ messages: [{ role: 'user', content: [{ type: 'thinking', thinking: '' }] }] }, 'messages[0].content[0].type'],
  [
    { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'ftp://x' } }] }] },
    'messages[0].content[0].source.url',
  ],
  [{ temperature: 2 }, 'temperature'],
  [{ thinking: { type: 'enabled', budget_tokens: 5 } }, 'thinking.budget_tokens'],
  [{ system: 5 }, 'system'],
])('%j is refused by name', (body, param) => {
  const { code, data } = refusal(() => decode(body as JsonObject));
  expect([code, data.param]).toEqual(['invalid_request', param]);
});

it('throws nothing but its own failure, whatever comes', () => {
  const bodyArbitrary = fc.oneof(
    fc.jsonValue(),
    fc.record({ model: fc.jsonValue(), max_tokens: fc.nat(), messages: fc.jsonValue(), system: fc.jsonValue() }),
    fc.record({
      model: fc.constant('m'),
      max_tokens: fc.nat(),
      messages: fc.array(
        fc.record({
          role: fc.constantFrom('user', 'assistant', 'system'),
          content: fc.array(
            fc.record({
              type: fc.constantFrom('text', 'image', 'tool_use', 'tool_result', 'document'),
              text: fc.string(),
              source: fc.jsonValue(),
            }),
          ),
        }),
      ),
    }),
  );
  fc.assert(
    fc.property(bodyArbitrary, fc.constantFrom<ApiVersion>('2023-06-01', '2026-10-21'), (body, version) => {
      try {
        decodeRequest(body, { version });
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError);
      }
    }),
    { numRuns: 300 },
  );
});

it('a conversation of 200 kB is read within 5 ms', () => {
  const turn = (index: number) => [
    { role: 'user', content: [{ type: 'text', text: 'words '.repeat(60), cache_control: { type: 'ephemeral' } }] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 's' },
        { type: 'tool_use', id: `t${index}`, name: 'f', input: { path: 'x'.repeat(100) } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: `t${index}`, content: [{ type: 'text', text: 'result '.repeat(50) }] },
      ],
    },
  ];
  const body = { model: 'm', max_tokens: 9, messages: Array.from({ length: 180 }, (_, index) => turn(index)).flat() };
  expect(JSON.stringify(body).length).toBeGreaterThan(200_000);
  const times = Array.from({ length: 60 }, () => {
    const startedAt = performance.now();
    decodeRequest(body, { version: '2023-06-01' });
    return performance.now() - startedAt;
  });
  // The fastest: the machine may be doing something else.
  expect(Math.min(...times)).toBeLessThan(5);
});
