import { describe, expect, test } from 'vitest';
import { grokConfigFormat, grokKeysFormat, grokTokensFormat } from './grok-import.js';

const session = (sso: string, plan: string, more: object = {}) => ({
  kind: 'session',
  secret: { sso },
  settings: { plan },
  ...more,
});

describe('tokens', () => {
  const EXPORT = {
    ssoBasic: [
      'sso=bare-token',
      { token: 'sso=told', status: 'active', quota: 12, tags: ['home'], note: 'mine', fail_count: 2, use_count: 9 },
      { token: 'dead', status: 'expired', fail_count: 5, tags: [] },
      { token: 'off', status: 'disabled', note: '' },
    ],
    ssoSuper: [{ token: 'paying', status: 'cooling', quota: 0 }],
  };

  test('of both pools, with tags and notes; only what somebody switched off stays so', () => {
    expect(grokTokensFormat.schema.parse(EXPORT)).toEqual([
      session('sso=bare-token', 'basic'),
      session('sso=told', 'basic', { tags: ['home'], notes: 'mine' }),
      session('dead', 'basic'),
      session('off', 'basic', { enabled: false }),
      session('paying', 'super'),
    ]);
  });

  test('as rows of its table', () => {
    expect(grokTokensFormat.schema.parse({ token: 'a', token_type: 'ssoSuper', quota: -1 })).toEqual([
      session('a', 'super'),
    ]);
  });

  test.each([{}, { keys: ['a'] }, { ssoBasic: 'a' }, { token: 'a' }, { token: 'a', token_type: 'other' }])(
    'and nothing else: %j',
    (value) => expect(grokTokensFormat.schema.safeParse(value).success).toBe(false),
  );
});

describe('keys', () => {
  const KEY = { key: 'sk-one', name: 'phone', created_at: 1, is_active: true, chat_limit: 50, heavy_limit: -1 };

  test('with what each may use in a day', () => {
    const off = { ...KEY, key: 'sk-two', is_active: false };
    const told = { success: true, data: [{ ...KEY, image_limit: 10, video_limit: null }, off] };
    expect(grokKeysFormat.schema.parse(told)).toEqual([]);
    expect(grokKeysFormat.readRest?.(told)).toEqual({
      apiKeys: [{ key: 'sk-one', name: 'phone', limits: { chatPerDay: 50, imagePerDay: 10 } }],
      settings: {},
      left: ['1 keys that are switched off'],
    });
    expect(grokKeysFormat.readRest?.(KEY)?.apiKeys).toHaveLength(1);
  });

  test.each([{ key: 'sk-1' }, { data: [] }, { key: 'PROXIES', value: 'x' }])('and nothing else: %j', (value) => {
    expect(grokKeysFormat.readRest?.(value)).toBeUndefined();
  });
});

test('a configuration, by our names', () => {
  const config = {
    app: { api_key: 'sk-client', app_key: 'admin', image_format: 'base64', video_format: 'url' },
    grok: {
      thinking: true,
      filter_tags: ['xaiartifact', 'grok:render', 'mycard'],
      base_proxy_url: 'http://proxy.example:8080',
      max_retry: 3,
      cf_clearance: 'secret',
    },
    token: { auto_refresh: true },
  };
  expect(grokConfigFormat.schema.parse(config)).toEqual([]);
  expect(grokConfigFormat.readRest?.(config)).toEqual({
    apiKeys: [{ key: 'sk-client', name: 'Grok2API', limits: {} }],
    settings: {
      MODEL_OPTIONS: [{ models: ['grok-*'], apply: { thoughts: 'think', filteredTags: ['mycard'] } }],
      MEDIA_CHAT_IMAGE_FORMAT: 'b64',
      MEDIA_CHAT_VIDEO_FORMAT: 'html-plain',
      PROXIES: { grok: ['http://proxy.example:8080'] },
      ATTEMPTS: { elsewhere: 3, again: 3 },
    },
    left: ['grok.cf_clearance', 'app.app_key', 'token.auto_refresh'],
  });
  expect(grokConfigFormat.readRest?.({ grok: {} })).toBeUndefined();
});
