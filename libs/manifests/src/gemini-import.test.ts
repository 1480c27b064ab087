import { expect, test } from 'vitest';
import { geminiBalanceFormat } from './gemini-import.js';

const KEYS = ['AIzaSyA1', 'AIzaSyA2'];
const ENVIRONMENT = {
  DATABASE_TYPE: 'mysql',
  API_KEYS: JSON.stringify(KEYS),
  VERTEX_API_KEYS: '["AQ.one"]',
  ALLOWED_TOKENS: '["sk-client-1","sk-client-2"]',
  AUTH_TOKEN: 'sk-admin',
  PAID_KEY: 'AIzaSyPaid',
  BASE_URL: 'https://relay.example/v1beta',
  PROXIES: '["socks5://user:word@proxy.example:1080"]',
  THINKING_BUDGET_MAP: '{"gemini-2.5-flash": 4000, "gemini-2.5-pro": -1}',
  SEARCH_MODELS: '["gemini-2.5-flash"]',
  SHOW_SEARCH_LINK: 'true',
  FAKE_STREAM_ENABLED: 'true',
  FAKE_STREAM_EMPTY_DATA_INTERVAL_SECONDS: '7',
  MAX_RETRIES: '4',
  IMAGE_MODELS: '["gemini-2.0-flash-exp"]',
  CREATE_IMAGE_MODEL: 'imagen-4',
  STREAM_OPTIMIZER_ENABLED: 'true',
  STREAM_MIN_DELAY: '0.016',
  STREAM_MAX_DELAY: '0.024',
  STREAM_CHUNK_SIZE: '5',
  LOG_LEVEL: 'WARNING',
};

test('an environment: keys of both kinds with their servers', () => {
  expect(geminiBalanceFormat.schema.parse(ENVIRONMENT)).toEqual([
    ...KEYS.map((apiKey) => ({ kind: 'api-key', secret: { apiKey }, baseUrl: ENVIRONMENT.BASE_URL })),
    {
      kind: 'api-key',
      secret: { apiKey: 'AIzaSyPaid' },
      baseUrl: ENVIRONMENT.BASE_URL,
      label: 'paid key',
      models: ['imagen-4'],
    },
    { kind: 'vertex-express', secret: { apiKey: 'AQ.one' } },
  ]);
});

test('what it holds beside them, by our names; the administrator is nobody’s client', () => {
  const rest = geminiBalanceFormat.readRest?.(ENVIRONMENT);
  expect(rest).toMatchObject({
    apiKeys: ['sk-client-1', 'sk-client-2'],
    settings: {
      MODEL_SUFFIXES: [
        { suffix: '-search', models: ['gemini-2.5-flash'], apply: { tools: ['google_search'], sources: 'append' } },
        { suffix: '-image', models: ['gemini-2.0-flash-exp'], isListed: true },
        { suffix: '-image-generation', models: ['gemini-2.0-flash-exp'], isListed: false },
        { suffix: '-chat', models: ['imagen-4'] },
      ],
      IMAGE_MODEL: 'imagen-4',
      LOG_LEVEL: 'warn',
      PROXIES: { gemini: ['socks5://user:word@proxy.example:1080'] },
      ATTEMPTS: { elsewhere: 4, again: 3 },
      HEARTBEAT_MS: 7_000,
    },
    left: ['AUTH_TOKEN', 'DATABASE_TYPE'],
  });
  expect(rest?.settings['MODEL_OPTIONS']).toEqual([
    { models: ['gemini-2.5-flash'], apply: { reasoning: { budgetTokens: 4_000 } } },
    { models: ['gemini-2.5-pro'], apply: { reasoning: { budgetTokens: -1 } } },
    {
      models: ['gemini-*'],
      apply: {
        upstreamStream: 'gathered',
        typing: { characters: 5, delayMs: 20 },
        functions: 'alone',
        searchFunction: 'googleSearch',
      },
    },
  ]);
});

test('what its settings page reads, and rows of its table', () => {
  const page = {
    API_KEYS: KEYS,
    THINKING_BUDGET_MAP: { m: 1 },
    SAFETY_SETTINGS: [{ category: 'C', threshold: 'OFF' }],
  };
  expect(geminiBalanceFormat.schema.parse(page)).toHaveLength(2);
  expect(geminiBalanceFormat.schema.parse({ id: 3, key: 'API_KEYS', value: '["AIzaSyA1"]' })).toHaveLength(1);
  expect(geminiBalanceFormat.schema.parse({ key: 'LOG_LEVEL', value: 'info' })).toEqual([]);
});

test.each([{ keys: ['sk-1'] }, { key: 'OTHER_THING', value: 'x' }, { BASE_URL: 'x', other: 1 }, { API_KEYS: '[' }, []])(
  'what is none of its documents is left to others: %j',
  (value) => {
    expect(geminiBalanceFormat.schema.safeParse(value).success).toBe(false);
    expect(geminiBalanceFormat.readRest?.(value)).toBeUndefined();
  },
);
