import { strict as assert } from 'node:assert';
import type { ChatDriver, DialogOptions, OfferedTool } from './chat-driver.js';
import type { UpstreamKind } from './upstream-kinds.js';

export type How = DialogOptions['how'];
export const WAYS: readonly How[] = ['plain', 'streamed'];

export interface Pairing {
  driver: ChatDriver;
  kind: UpstreamKind;
}

/** What holds for every SDK in front of every kind of upstream, plain and streamed. */
export interface ConformanceCase {
  title: string;
  /** Absent: each can. */
  isFor?(kind: UpstreamKind): boolean;
  /** Throws where it does not hold. */
  run(pairing: Pairing & { how: How }): Promise<void>;
}

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
);
const CITY = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const TOOLS: readonly OfferedTool[] = ['weather', 'time'].map((name) => ({
  name,
  description: `The ${name} of a city.`,
  parameters: CITY,
}));
const SCHEMA = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};
/** Agents stream; without it a few turns show the same. */
const AGENT_TURNS = { streamed: 10, plain: 3 };

const CASES: readonly ConformanceCase[] = [
  {
    title: 'a question is answered, and what it cost is told',
    async run({ driver, kind, how }) {
      const turn = await driver.open({ model: kind.chat, how }).say({ text: 'good morning' });
      assert.deepEqual([turn.end, turn.calls], ['stop', []]);
      includes(turn.text, 'good morning');
      assert.ok(turn.inputTokens > 0 && turn.outputTokens > 0, 'no usage');
    },
  },
  {
    title: 'an answer that was cut short says so',
    isFor: ({ cutsShort }) => cutsShort,
    async run({ driver, kind, how }) {
      const dialog = driver.open({ model: kind.chat, how, maximumTokens: 2 });
      assert.equal((await dialog.say({ text: 'one two three four five' })).end, 'length');
    },
  },
  {
    title: 'a conversation goes on',
    async run({ driver, kind, how }) {
      const dialog = driver.open({ model: kind.chat, how });
      await dialog.say({ text: 'first words' });
      includes((await dialog.say({ text: 'second words' })).text, 'second words');
    },
  },
  {
    title: 'thoughts are told apart from the answer',
    isFor: ({ reasoner }) => reasoner !== undefined,
    async run({ driver, kind, how }) {
      const turn = await driver.open({ model: kind.reasoner ?? kind.chat, how }).say({ text: 'a riddle' });
      assert.notEqual(turn.reasoning, '', 'its thoughts are lost');
      includes(turn.text, 'a riddle');
      assert.ok(!turn.text.includes(turn.reasoning), 'its thoughts are in its answer');
    },
  },
  {
    title: 'tools called side by side stay apart',
    async run({ driver, kind, how }) {
      const dialog = driver.open({ model: kind.chat, how, tools: TOOLS });
      const turn = await dialog.say({ text: 'both please [[sim:tools=3]]' });
      assert.equal(turn.end, 'tool-calls');
      assert.deepEqual(
        turn.calls.map(({ name }) => name),
        ['weather', 'time', 'weather'],
      );
      for (const { input } of turn.calls) assert.ok(Object.hasOwn(Object(input), 'city'), 'a call without its input');
      const results = turn.calls.map(({ id, name }, index) => ({ id, name, text: `result ${index}` }));
      const answer = await dialog.give(results);
      assert.deepEqual([answer.end, answer.calls], ['stop', []]);
      for (const { text } of results) includes(answer.text, text);
    },
  },
  {
    title: 'an agent goes on turn after turn, thinking, calling, answering',
    async run({ driver, kind, how }) {
      const dialog = driver.open({ model: kind.reasoner ?? kind.chat, how, tools: TOOLS });
      for (let turn = 1; turn <= AGENT_TURNS[how]; turn += 1) {
        const asked = await dialog.say({ text: `turn ${turn}` });
        if (kind.reasoner !== undefined) assert.notEqual(asked.reasoning, '', 'its thoughts are lost');
        assert.equal(asked.calls.length, 1);
        const answered = await dialog.give(asked.calls.map(({ id, name }) => ({ id, name, text: `snow ${turn}` })));
        assert.equal(answered.end, 'stop');
        includes(answered.text, `snow ${turn}`);
      }
    },
  },
  {
    title: 'a picture goes in',
    isFor: ({ vision }) => vision !== undefined,
    async run({ driver, kind, how }) {
      const dialog = driver.open({ model: kind.vision ?? kind.chat, how });
      const { text } = await dialog.say({ text: 'what is it?', image: PIXEL });
      includes(text, 'what is it?');
      includes(text, `image/png ${PIXEL.length} bytes`);
    },
  },
  {
    title: 'an answer in JSON keeps to its schema',
    isFor: ({ keepsToSchemas }) => keepsToSchemas,
    async run({ driver, kind, how }) {
      const { text } = await driver.open({ model: kind.chat, how, schema: SCHEMA }).say({ text: 'who?' });
      const answer = JSON.parse(text) as { name: unknown; age: unknown };
      assert.deepEqual([typeof answer.name, typeof answer.age], ['string', 'number']);
    },
  },
  {
    title: 'a refusal is the SDK’s own error, with status, words and request id',
    async run({ driver, kind, how }) {
      const model = `${kind.name}-has-no-such-model`;
      const refusal = driver.refusalOf(await failureOf(driver.open({ model, how }).say({ text: 'hello' })));
      assert.equal(refusal?.status, 404);
      assert.match(refusal.requestId ?? '', /^req_/);
      includes(refusal.message, model);
    },
  },
];

export function casesFor(kind: UpstreamKind): ConformanceCase[] {
  return CASES.filter(({ isFor }) => isFor === undefined || isFor(kind));
}

function includes(text: string, wanted: string): void {
  assert.ok(text.includes(wanted), `“${wanted}” is not in “${text.slice(0, 300)}”`);
}

function failureOf(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}
