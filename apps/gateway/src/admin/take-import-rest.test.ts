import { GatewayError } from '@sluice/contracts/gateway-error';
import { expect, test } from 'vitest';
import { createTakeRest } from './take-import-rest.js';

const REST = {
  apiKeys: ['sk-a', 'too-long'],
  settings: {
    PROXIES: { gemini: ['http://me:word@proxy.example'] },
    FILTERED_MODELS: ['x'],
    ATTEMPTS: { elsewhere: 0 },
  },
  left: ['AUTH_TOKEN'],
};

function setUp() {
  const kept: string[] = [];
  const put = new Map<string, unknown>();
  const takeRest = createTakeRest({
    keys: {
      async ensure(key) {
        if (key === 'too-long') throw new Error(key);
        kept.push(key);
      },
    },
    settings: {
      view: (name) => ({
        name,
        summary: '',
        value: 0,
        initial: 0,
        updatedAt: name === 'FILTERED_MODELS' ? 'then' : null,
      }),
      async put(name, body) {
        if (name === 'ATTEMPTS') throw new GatewayError('invalid_request', 'too few');
        put.set(name, body);
        return this.view(name);
      },
    },
  });
  return { kept, put, takeRest };
}

test('what was not asked for is told, without passwords', async () => {
  const { kept, put, takeRest } = setUp();
  const told = await takeRest(REST, []);
  expect([kept, put.size]).toEqual([[], 0]);
  expect(told).toMatchObject({ taken: [], settings: { PROXIES: { gemini: ['http://me:***@proxy.example'] } } });
  expect(told.left).toHaveLength(3);
  expect(JSON.stringify(told)).not.toMatch(/sk-a|word@/);
});

test('what was asked for is taken, except what is set here or wrong', async () => {
  const { kept, put, takeRest } = setUp();
  expect(await takeRest(REST, ['apiKeys', 'settings'])).toEqual({
    taken: ['1 API keys', 'PROXIES'],
    left: [
      'AUTH_TOKEN: has no equal here',
      'API key 2: could not be kept',
      'FILTERED_MODELS: is set here already',
      'ATTEMPTS: too few',
    ],
  });
  expect(kept).toEqual(['sk-a']);
  expect(put).toEqual(new Map([['PROXIES', { value: REST.settings.PROXIES }]]));
});
