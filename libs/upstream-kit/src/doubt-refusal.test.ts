import { GatewayError, type GatewayErrorOptions } from '@sluice/contracts/gateway-error';
import { expect, it } from 'vitest';
import { doubtRefusal } from './doubt-refusal.js';

function told(options: GatewayErrorOptions): string | undefined {
  try {
    return doubtRefusal(new GatewayError('upstream_overloaded', 'busy', { saw: 'refused', ...options }));
  } catch (thrown) {
    return thrown instanceof GatewayError ? `${thrown.code} ${thrown.data.saw}` : undefined;
  }
}

it.each<[GatewayErrorOptions, string]>([
  [{ upstreamStatus: 503 }, 'unknown'],
  [{ upstreamStatus: 529 }, 'unknown'],
  [{ upstreamStatus: 503, upstreamCode: 'UNAVAILABLE' }, 'refused'],
  [{ upstreamStatus: 503, retryAfterMs: 1_000 }, 'refused'],
  [{ upstreamStatus: 429 }, 'refused'],
  [{ upstreamStatus: 503, saw: 'nothing' }, 'nothing'],
])('of %o the upstream has seen %s', (options, saw) => {
  expect(told(options)).toBe(`upstream_overloaded ${saw}`);
});

it('passes on what is no failure of an upstream', () => {
  expect(() => doubtRefusal(new TypeError('bug'))).toThrow(TypeError);
});
