import type { AssistantContent, ChatRequest, Message, Tool, UserContent } from '@sluice/contracts/chat';
import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import fc from 'fast-check';

/** What a dialect has words for, where not all have. */
export interface ConversationOptions {
  /** Of reasoning that the dialect gives back. */
  signature: fc.Arbitrary<string | undefined>;
  /** Beside text, of what users say. */
  media: fc.Arbitrary<UserContent>;
}

export const said = fc
  .oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), fc.constantFrom('12345678901234567890', '1.0', 'null'))
  .filter((text) => text.trim() === text && text !== '');
const name = fc.stringMatching(/^[a-z_]{1,9}$/);
const input: fc.Arbitrary<JsonObject> = fc
  .dictionary(name, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

/** The conversations that every dialect has, each message as decoders make it: what is said in turn, calls with results. */
export function conversation({ signature, media }: ConversationOptions): fc.Arbitrary<Message[]> {
  const reasoning = fc.tuple(said, signature);
  const round = fc.record({
    question: said,
    media: fc.option(media, { nil: undefined }),
    reasoning: fc.option(reasoning, { nil: undefined }),
    calls: fc.array(fc.record({ name, input, result: said }), { maxLength: 3 }),
    answer: said,
  });
  return fc.tuple(fc.option(said, { nil: undefined }), fc.array(round, { minLength: 1, maxLength: 3 })).map(
    ([instructions, rounds]) => [
      ...(instructions === undefined ? [] : [{ role: 'system' as const, content: [textOf(instructions)] }]),
      ...rounds.flatMap((each, index) => [
        { role: 'user' as const, content: [textOf(each.question), ...(each.media === undefined ? [] : [each.media])] },
        ...answerOf(each, index),
      ]),
    ],
  );
}

/** A request as decoders make it, without what only some dialects can say. */
export function request(messages: fc.Arbitrary<Message[]>): fc.Arbitrary<ChatRequest> {
  const tools = fc.uniqueArray(fc.record({ name, description: said, inputSchema: fc.constant(SCHEMA) }), {
    minLength: 1,
    maxLength: 3,
    selector: (tool) => tool.name,
  });
  const settings = fc.record({
    temperature: fc.option(fc.constantFrom(0, 0.5, 2), { nil: undefined }),
    topP: fc.option(fc.constantFrom(0, 1), { nil: undefined }),
    seed: fc.option(fc.integer(), { nil: undefined }),
    maxOutputTokens: fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: undefined }),
    stop: fc.option(fc.array(said, { minLength: 1, maxLength: 4 }), { nil: undefined }),
    choices: fc.option(fc.integer({ min: 2, max: 8 }), { nil: undefined }),
    isJson: fc.boolean(),
    top: fc.option(fc.nat({ max: 20 }), { nil: undefined }),
    hasTools: fc.boolean(),
    choice: fc.constantFrom('none', 'auto', 'required', 'tool', undefined),
  });
  return fc.tuple(messages, tools, settings).map(([list, declared, { temperature, topP, seed, ...rest }]) => {
    const sampling = present({ temperature, topP, seed });
    const offered: Tool[] = declared.map((tool) => ({ type: 'function', ...tool }));
    const first = declared[0]?.name ?? '';
    return {
      model: 'gemini-2.5-flash',
      messages: list,
      ...present({
        sampling: Object.keys(sampling).length === 0 ? undefined : sampling,
        maxOutputTokens: rest.maxOutputTokens,
        stop: rest.stop,
        choices: rest.choices,
        logprobs: rest.top === undefined ? undefined : { top: rest.top },
        responseFormat: rest.isJson ? { type: 'json' as const } : undefined,
        tools: rest.hasTools ? offered : undefined,
      }),
      ...(rest.hasTools &&
        rest.choice !== undefined && {
          toolChoice: rest.choice === 'tool' ? { type: 'tool' as const, name: first } : { type: rest.choice },
        }),
    };
  });
}

const SCHEMA: JsonObject = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };

interface Round {
  reasoning: [string, string | undefined] | undefined;
  calls: { name: string; input: JsonObject; result: string }[];
  answer: string;
}

function answerOf({ reasoning, calls, answer }: Round, round: number): Message[] {
  const thought: AssistantContent[] =
    reasoning === undefined
      ? []
      : [{ type: 'reasoning', text: reasoning[0], ...present({ signature: reasoning[1] }) }];
  if (calls.length === 0) return [{ role: 'assistant', content: [...thought, textOf(answer)] }];
  const named = calls.map((call, index) => ({ ...call, id: `call_${round}_${index}` }));
  return [
    {
      role: 'assistant',
      content: [
        ...thought,
        ...named.map((call) => ({
          type: 'tool-call' as const,
          id: call.id,
          name: call.name,
          input: JSON.stringify(call.input),
        })),
      ],
    },
    ...named.map(({ id, result }) => ({ role: 'tool' as const, toolCallId: id, content: [textOf(result)] })),
    { role: 'assistant', content: [textOf(answer)] },
  ];
}

function textOf(text: string): { type: 'text'; text: string } {
  return { type: 'text', text };
}
