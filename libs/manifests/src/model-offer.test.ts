import { describe, expect, it } from 'vitest';
import { costOf, listOffers, offersModel, planRank } from './model-offer.js';

const session = (plan?: string) => ({ upstream: 'grok', kind: 'session', plan });

describe('what an account has', () => {
  it('is what is listed for its kind and plan', () => {
    expect(offersModel(session(), 'grok-4')).toBe(true);
    expect(offersModel(session(), 'grok-4-heavy')).toBe(false);
    expect(offersModel(session('basic'), 'grok-4-heavy')).toBe(false);
    expect(offersModel(session('super'), 'grok-4-heavy')).toBe(true);
    expect(offersModel(session(), 'grok-4.6')).toBe(false);
  });

  it('is for a key of the official API whatever is not the website’s alone', () => {
    const key = { upstream: 'grok', kind: 'api-key', plan: undefined };
    expect(offersModel(key, 'grok-4.6')).toBe(true);
    expect(offersModel(key, 'grok-4')).toBe(true);
    expect(offersModel(key, 'grok-4.1-expert')).toBe(false);
  });

  it('is anything where nothing is listed', () => {
    expect(offersModel({ upstream: 'openai', kind: 'api-key', plan: 'x' }, 'any')).toBe(true);
    expect(offersModel({ upstream: 'nobody', kind: 'x', plan: undefined }, 'any')).toBe(true);
  });
});

it('tells what a use takes of a window, and who is tried first', () => {
  expect([costOf('grok', 'grok-4'), costOf('grok', 'grok-4-heavy'), costOf('openai', 'x')]).toEqual([1, 4, 1]);
  expect([
    planRank('grok', undefined),
    planRank('grok', 'basic'),
    planRank('grok', 'super'),
    planRank('openai', 'x'),
  ]).toEqual([0, 0, 1, 0]);
});

it('lists what an account has, where that is listed, once for all accounts of its sort', () => {
  const basic = { upstream: 'grok', kind: 'session', plan: 'basic' };
  const listed = listOffers(basic);
  expect(listed).toContain('grok-4');
  expect(listed).not.toContain('grok-4-heavy');
  expect(listOffers({ ...basic })).toBe(listed);
  expect(listOffers({ ...basic, plan: 'super' })).toContain('grok-4-heavy');
  expect(listOffers({ ...basic, kind: 'api-key' })).toBe(undefined);
});
