import { z } from 'zod';
import { parseFault, type Fault } from './fault.js';
import { seededRandom } from './seeded-random.js';

export const faultRuleSchema = z.strictObject({
  match: z
    .strictObject({
      /** The start of the path. */
      path: z.string().optional(),
      method: z.string().optional(),
      model: z.string().optional(),
      key: z.string().optional(),
      /** Any part of the prompt. */
      prompt: z.string().optional(),
    })
    .default({}),
  fault: z.record(z.string(), z.unknown()).transform(parseFault),
  /** How often the rule applies before it is spent. */
  times: z.number().int().min(1).optional(),
  probability: z.number().min(0).max(1).default(1),
  seed: z.number().int().default(1),
});

export type FaultRule = z.infer<typeof faultRuleSchema>;

export interface FaultSubject {
  readonly path: string;
  readonly method?: string;
  readonly model: string;
  readonly key: string | undefined;
  readonly prompt: string;
}

interface StandingRule {
  readonly id: string;
  readonly rule: FaultRule;
  readonly random: () => number;
  applied: number;
}

/** Faults that stand until they are spent or removed, whatever the prompts say. */
export class FaultRules {
  #rules: StandingRule[] = [];
  #lastId = 0;

  add(rule: FaultRule): string {
    this.#lastId += 1;
    const id = `fault-${this.#lastId}`;
    this.#rules.push({ id, rule, random: seededRandom(rule.seed), applied: 0 });
    return id;
  }

  remove(id: string): boolean {
    const before = this.#rules.length;
    this.#rules = this.#rules.filter((standing) => standing.id !== id);
    return this.#rules.length < before;
  }

  clear(): void {
    this.#rules = [];
  }

  list(): unknown[] {
    return this.#rules.map(({ id, rule, applied }) => ({ id, ...rule, applied }));
  }

  /** The fault of the first rule that matches, is not spent and wins its draw. */
  choose(subject: FaultSubject): Fault | undefined {
    if (this.#rules.length === 0) return undefined;
    for (const standing of this.#rules) {
      if (!isMatch(standing.rule.match, subject) || standing.applied >= (standing.rule.times ?? Infinity)) continue;
      if (standing.random() >= standing.rule.probability) continue;
      standing.applied += 1;
      return standing.rule.fault;
    }
    return undefined;
  }
}

function isMatch(match: FaultRule['match'], subject: FaultSubject): boolean {
  return (
    subject.path.startsWith(match.path ?? '') &&
    (match.method === undefined || match.method === subject.method) &&
    (match.model === undefined || match.model === subject.model) &&
    (match.key === undefined || match.key === subject.key) &&
    subject.prompt.includes(match.prompt ?? '')
  );
}
