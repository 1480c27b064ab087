import type { JsonObject } from '@sluice/contracts/json';
import { seededRandom } from '../measure/seeded-random.js';

/** A coding agent's conversation, in the words of no dialect. */
export interface Conversation {
  instructions: string;
  tools: readonly ConversationTool[];
  rounds: readonly Round[];
}

export interface ConversationTool {
  name: string;
  description: string;
  schema: JsonObject;
}

/** A question, what the model thought, whom it called, what came back, and what it said then. */
export interface Round {
  question: string;
  /** A picture beside the question, in base64. */
  image: string | undefined;
  thought: string;
  signature: string;
  calls: readonly { id: string; name: string; input: JsonObject; result: string }[];
  answer: string;
}

const SEED = 20_261_121;
const TOOLS = 12;
const CALLS_PER_ROUND = 2;
const IMAGE_BYTES = 12_000;
/** Pictures come with the second round and the fourth. */
const ROUNDS_WITH_IMAGE = new Set([1, 3]);

/** The body of the first conversation that is as long as wanted, in the dialect that `encode` writes. */
export function bodyOfLength(length: number, encode: (conversation: Conversation) => JsonObject): JsonObject {
  for (let rounds = 1; ; rounds += 1) {
    const body = encode(createConversation(rounds));
    if (JSON.stringify(body).length >= length) return body;
  }
}

function createConversation(rounds: number): Conversation {
  const random = seededRandom(SEED);
  const words = (count: number): string => Array.from({ length: count }, () => pick(WORDS, random)).join(' ');
  const names = Array.from({ length: TOOLS }, (_, index) => `tool_${index}`);
  return {
    instructions: words(1_000),
    tools: names.map((name) => ({ name, description: words(40), schema: schemaOf(words) })),
    rounds: Array.from({ length: rounds }, (_, round) => ({
      question: words(100),
      image: ROUNDS_WITH_IMAGE.has(round) ? Buffer.alloc(IMAGE_BYTES, round).toString('base64') : undefined,
      thought: words(120),
      signature: Buffer.from(words(40)).toString('base64'),
      calls: Array.from({ length: CALLS_PER_ROUND }, (_unused, call) => ({
        id: `call_${round}_${call}`,
        name: pick(names, random),
        input: { path: words(3), lines: [round, call], text: words(60) },
        result: words(250),
      })),
      answer: words(100),
    })),
  };
}

function schemaOf(words: (count: number) => string): JsonObject {
  return {
    type: 'object',
    properties: {
      path: { type: 'string', description: words(12) },
      lines: { type: 'array', items: { type: 'integer', minimum: 0 } },
      mode: { type: 'string', enum: ['read', 'write'] },
      text: { type: 'string', description: words(12) },
    },
    required: ['path'],
    additionalProperties: false,
  };
}

const WORDS = [
  'the',
  'gateway',
  '"quoted"',
  'queue',
  'größe',
  'line\n',
  'worker',
  'für',
  'a',
  'stream',
  '函数',
  'lease',
];

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
