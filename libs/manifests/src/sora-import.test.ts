import { describe, expect, it } from 'vitest';
import { soraExportFormat } from './sora-import.js';

const ROW = {
  email: 'a@b.c',
  access_token: 'at',
  session_token: 'st',
  refresh_token: 'rt',
  client_id: 'app_1',
  proxy_url: '',
  remark: 'mine',
  is_active: true,
  image_enabled: true,
  video_enabled: true,
  image_concurrency: -1,
  video_concurrency: 3,
};
const all = { accessToken: 'at', sessionToken: 'st', refreshToken: 'rt', clientId: 'app_1' };
const { accessToken: _, ...exchanged } = all;

describe('an export of Sora2API', () => {
  it.each([
    ['offline', all],
    ['at', all],
    ['st', exchanged],
    ['rt', exchanged],
  ])('in the mode %s', (mode, secret) => {
    expect(soraExportFormat.schema.parse({ tokens: [ROW], mode })).toEqual([
      { kind: 'session', secret, label: 'a@b.c', notes: 'mine', limits: { video: 3 } },
    ]);
  });

  it('is read row by row', () => {
    const [one] = soraExportFormat.schema.parse({
      ...ROW,
      is_active: false,
      image_enabled: false,
      proxy_url: 'http://p',
    });
    expect(one).toMatchObject({
      enabled: false,
      settings: { proxyUrl: 'http://p', uses: ['video', 'character', 'chat'] },
    });
    // What its plan has stays the plan's to say.
    expect(one?.models).toBeUndefined();
  });

  it('is a list of refresh tokens', () => {
    const pure = { refresh_tokens: ['rt_1', 'rt_2'], client_id: 'app_1', video_concurrency: 2 };
    expect(soraExportFormat.schema.parse(pure)).toEqual([
      { kind: 'session', secret: { refreshToken: 'rt_1', clientId: 'app_1' }, limits: { video: 2 } },
      { kind: 'session', secret: { refreshToken: 'rt_2', clientId: 'app_1' }, limits: { video: 2 } },
    ]);
  });

  it.each([{ access_token: 'x' }, { tokens: [] }, { tokens: [{}] }, { refresh_tokens: [] }, { API_KEYS: ['k'] }])(
    'is not %j',
    (value) => {
      expect(soraExportFormat.schema.safeParse(value).success).toBe(false);
    },
  );
});
