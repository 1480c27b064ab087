import { expect, it } from 'vitest';
import { FaultRules, faultRuleSchema } from './fault-rules.js';

const subject = { path: '/v1/chat/completions', model: 'sim-chat', key: 'k1', prompt: 'a red fox' };

function rulesWith(...written: unknown[]): FaultRules {
  const rules = new FaultRules();
  for (const rule of written) rules.add(faultRuleSchema.parse(rule));
  return rules;
}

it.each([
  [{}, true],
  [{ path: '/v1/chat' }, true],
  [{ path: '/v1/embeddings' }, false],
  [{ model: 'sim-chat', key: 'k1', prompt: 'red' }, true],
  [{ model: 'sim-vision' }, false],
  [{ key: 'k2' }, false],
  [{ prompt: 'blue' }, false],
])('matches %j: %s', (match, isMatch) => {
  const chosen = rulesWith({ match, fault: { status: 500 } }).choose(subject);
  expect(chosen).toEqual(isMatch ? { status: 500 } : undefined);
});

it('is spent after the given number of times, then the next rule comes in', () => {
  const rules = rulesWith({ fault: { status: 500 }, times: 2 }, { fault: { status: 503 } });
  expect(Array.from({ length: 3 }, () => rules.choose(subject)?.status)).toEqual([500, 500, 503]);
});

it('draws the same lots for the same seed, about as often as asked', () => {
  const draw = () => {
    const rules = rulesWith({ fault: { status: 500 }, probability: 0.3, seed: 7 });
    return Array.from({ length: 1000 }, () => rules.choose(subject) !== undefined);
  };
  const first = draw();
  expect(draw()).toEqual(first);
  expect(first.filter(Boolean).length).toBeGreaterThan(240);
  expect(first.filter(Boolean).length).toBeLessThan(360);
});

it('forgets a removed rule', () => {
  const rules = new FaultRules();
  const id = rules.add(faultRuleSchema.parse({ fault: { html: true } }));
  expect(rules.remove(id)).toBe(true);
  expect(rules.choose(subject)).toBeUndefined();
  expect(rules.remove(id)).toBe(false);
});
