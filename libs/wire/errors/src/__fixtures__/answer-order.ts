import type { ChatPart, Usage } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import fc from 'fast-check';

/** How far the generator goes. */
export interface AnswerOptions {
  /** How many alternatives there may be. */
  choices: number;
  /** Only what every dialect has a word for: text, reasoning, and calls whose input is an object. */
  isPlain?: boolean;
}

interface Step {
  kind: keyof typeof MAKERS | 'call' | 'call-delta' | 'usage' | 'start';
  choice: number;
  text: string;
  pick: number;
  usage: Usage;
}

const PLAIN_KINDS: Step['kind'][] = ['text', 'text', 'reasoning', 'call', 'call-delta', 'call-delta', 'usage', 'start'];
const text = fc.string({ unit: 'binary', maxLength: 8 });

/** All parts of a whole answer in an order that adapters may send, its terminal one included. */
export function wholeAnswer(options: AnswerOptions): fc.Arbitrary<Part[]> {
  return fc
    .tuple(fc.array(stepOf(options), { maxLength: 24 }), fc.constantFrom('stop', 'length', 'content-filter'))
    .map(([steps, reason]) => {
      const builder = new AnswerBuilder(options.isPlain ?? false);
      for (const step of steps) builder.add(step);
      return [...builder.end(reason), { type: 'succeeded' }];
    });
}

/** The same, broken off at any point: it failed there, or was cancelled. */
export function cutAnswer(options: AnswerOptions): fc.Arbitrary<Part[]> {
  const end = fc.constantFrom<Part>(
    { type: 'failed', error: { code: 'upstream_interrupted', message: 'It broke off.\nThere.' } },
    { type: 'cancelled', reason: 'the client has gone' },
  );
  return fc
    .tuple(wholeAnswer(options), fc.nat({ max: 40 }), end)
    .map(([parts, kept, last]) => [...parts.slice(0, Math.min(kept, parts.length - 1)), last]);
}

function stepOf({ choices, isPlain = false }: AnswerOptions): fc.Arbitrary<Step> {
  const kinds = isPlain ? PLAIN_KINDS : [...PLAIN_KINDS, ...(Object.keys(MAKERS) as Step['kind'][])];
  const count = fc.nat({ max: 10_000 });
  return fc.record({
    kind: fc.constantFrom(...kinds),
    choice: fc.nat({ max: choices - 1 }),
    text: isPlain ? fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }) : text,
    pick: fc.nat({ max: 7 }),
    usage: fc.tuple(count, count, count).map(([input, output, reasoning]) => ({
      inputTokens: input,
      outputTokens: output + reasoning,
      totalTokens: input + output + reasoning,
      reasoningTokens: reasoning,
      cachedInputTokens: Math.floor(input / 2),
    })),
  });
}

const MAKERS = {
  text: ({ choice, text: said }: Step): ChatPart => ({ type: 'text-delta', choice, text: said }),
  reasoning: ({ choice, text: said }: Step): ChatPart => ({ type: 'reasoning-delta', choice, text: said }),
  refusal: ({ choice, text: said }: Step): ChatPart => ({ type: 'refusal-delta', choice, text: said }),
  signature: ({ choice, text: signature }: Step): ChatPart => ({ type: 'reasoning-signature', choice, signature }),
  redacted: ({ choice, text: data }: Step): ChatPart => ({ type: 'redacted-reasoning', choice, data }),
  logprobs: ({ choice, text: token }: Step): ChatPart => ({
    type: 'text-delta',
    choice,
    text: token,
    logprobs: { content: [{ token, logprob: -1, bytes: null, top_logprobs: [] }] },
  }),
  audio: ({ choice, text: transcript }: Step): ChatPart => ({ type: 'audio-delta', choice, audio: { transcript } }),
  image: ({ choice }: Step): ChatPart => ({ type: 'image', choice, mediaType: 'image/png', base64: 'AAAA' }),
  annotations: ({ choice, text: title }: Step): ChatPart => ({
    type: 'annotations',
    choice,
    annotations: [
      { type: 'url_citation', url_citation: { url: 'https://example.com', title, start_index: 0, end_index: 2 } },
    ],
  }),
  native: ({ choice, text: finishMessage }: Step): ChatPart => ({
    type: 'native',
    choice,
    dialect: 'gemini-generate',
    data: { candidate: { finishMessage } },
  }),
};

interface OpenCall {
  index: number;
  /** What is still to come of an input that is an object. */
  rest: string;
}

/** Keeps the order's rules: a call begins before its input, each alternative ends once, after all else of it. */
class AnswerBuilder {
  private readonly parts: Part[] = [
    { type: 'attempt', attempt: 1, upstream: 'u', model: 'm', credentialId: 'c' },
  ];
  private readonly calls = new Map<number, OpenCall[]>();
  private readonly choices = new Set<number>();
  private hasBegun = false;

  constructor(private readonly isPlain: boolean) {}

  add(step: Step): void {
    const { kind, choice } = step;
    if (kind === 'usage') this.parts.push({ type: 'usage', usage: step.usage });
    else if (kind === 'start') this.start();
    else {
      const parts = kind === 'call' ? this.call(step) : kind === 'call-delta' ? this.delta(step) : [MAKERS[kind](step)];
      if (parts.length === 0) return;
      this.hasBegun = true;
      this.choices.add(choice);
      this.parts.push(...parts);
    }
  }

  end(reason: 'stop' | 'length' | 'content-filter'): Part[] {
    for (const [choice, calls] of this.calls)
      for (const { index, rest } of calls)
        if (rest !== '') this.parts.push({ type: 'tool-input-delta', choice, index, delta: rest });
    for (const choice of this.choices) {
      const hasCalls = (this.calls.get(choice) ?? []).length > 0;
      this.parts.push({ type: 'finish', choice, reason: reason === 'stop' && hasCalls ? 'tool-calls' : reason });
    }
    return this.parts;
  }

  /** Another attempt may only begin where nothing has been said. */
  private start(): void {
    if (this.hasBegun) return;
    this.parts.push({ type: 'start', model: 'm-1', serviceTier: 'default', fingerprint: 'fp' });
  }

  private call({ choice, text: said, pick }: Step): Part[] {
    const calls = this.calls.get(choice) ?? [];
    this.calls.set(choice, calls);
    const index = calls.length;
    const input: JsonObject = { text: said, nested: { list: [pick, '}', said] } };
    calls.push({ index, rest: this.isPlain ? JSON.stringify(input) : '' });
    const isCustom = !this.isPlain && pick === 0;
    return [
      {
        type: 'tool-input-start',
        choice,
        index,
        id: `call_${choice}_${index}`,
        name: `tool_${pick}`,
        ...(isCustom && { custom: true as const }),
        ...(!this.isPlain && pick === 1 && { signature: said }),
      },
    ];
  }

  private delta({ choice, text: said, pick }: Step): Part[] {
    const calls = this.calls.get(choice) ?? [];
    const call = calls[pick % Math.max(1, calls.length)];
    if (call === undefined) return [];
    const delta = this.isPlain ? call.rest.slice(0, pick + 1) : said;
    call.rest = call.rest.slice(delta.length);
    return [{ type: 'tool-input-delta', choice, index: call.index, delta }];
  }
}
