import { SETTINGS, type SettingName } from '@sluice/domain-settings/setting-catalogue';
import { describe, expect, test } from 'vitest';
import { suggestPath } from './mend-path.js';
import { PathRewriter } from './path-rewriter.js';

/** Settings as a test sets them. */
class SetBy {
  private tell = () => {};
  constructor(private values: Partial<Record<SettingName, unknown>> = {}) {}
  readonly get = (name: SettingName) => (this.values[name] ?? SETTINGS[name].initial) as never;
  readonly watch = (callback: () => void) => {
    this.tell = callback;
    callback();
    return () => {};
  };
  set(values: Partial<Record<SettingName, unknown>>): void {
    this.values = values;
    this.tell();
  }
}

const post = (rewriter: PathRewriter, url: string) => rewriter.rewrite({ method: 'POST', url });

describe('base URLs that were mistyped', () => {
  const rewriter = new PathRewriter(new SetBy());
  test.each([
    ['/v1/chat/completions', '/v1/chat/completions'],
    ['/v1/messages?beta=true', '/v1/messages?beta=true'],
    ['/api/v1/models', '/api/v1/models'],
    ['/v1/v1/chat/completions', '/v1/chat/completions'],
    ['/v1/v1/messages?beta=true', '/v1/messages?beta=true'],
    ['/chat/completions', '/v1/chat/completions'],
    ['/openai/v1/chat/completions', '/v1/chat/completions'],
    ['/v1/openai/v1/responses/resp_1?stream=true', '/v1/responses/resp_1?stream=true'],
    ['/api/v1/api/v1/embeddings', '/v1/embeddings'],
    ['/v1beta/openai/chat/completions', '/v1/chat/completions'],
    ['//v1//chat/completions', '/v1/chat/completions'],
    ['/v1/chat//completions?x=//', '/v1/chat/completions?x=//'],
    ['/models/a%2Fb', '/v1/models/a%2Fb'],
    ['/v1/v1beta/models/x:generateContent', '/v1beta/models/x:generateContent'],
    ['/v1beta/models/x:generateContent', '/v1beta/models/x:generateContent'],
    ['/%76%31/chat/completions', '/v1/chat/completions'],
    ['/api/videos', '/api/videos'],
    ['/api/videos/jobs?x=1', '/api/videos/jobs?x=1'],
    ['/api//auth/m%65', '/api/auth/me'],
    ['/api/api/videos', '/v1/videos'],
    ['/healthz', '/healthz'],
    ['/', '/'],
    ['/files/x', '/files/x'],
    ['/nonsense/chat/completions', '/nonsense/chat/completions'],
  ])('%s is %s', (called, meant) => {
    expect(post(rewriter, called)).toBe(meant);
  });

  test('nobody reaches what is guarded by writing it otherwise', () => {
    for (const path of ['/%61dmin/api/keys', '//admin/api/keys', '/adm%69n//api/keys'])
      expect(rewriter.rewrite({ method: 'GET', url: path })).toBe('/admin/api/keys');
    expect(rewriter.rewrite({ method: 'GET', url: '/m%65trics' })).toBe('/metrics');
  });
});

test.each([
  ['/hf/v1/chat/completions', '/v1/chat/completions'],
  ['/hf/v1/models', '/v1/models'],
  ['/openai/v1/embeddings', '/v1/embeddings'],
  ['/gemini/v1beta/models/m:streamGenerateContent?alt=sse', '/v1beta/models/m:streamGenerateContent?alt=sse'],
  ['/gemini/upload/v1beta/files', '/upload/v1beta/files'],
  ['/vertex-express/v1beta/models/m:generateContent', '/v1beta/models/m:generateContent'],
  ['/vertex-express/v1beta/models?pageSize=5', '/v1beta/models?pageSize=5'],
])('a deployment of Gemini Balance keeps its address %s', (called, served) => {
  expect(post(new PathRewriter(new SetBy()), called)).toBe(served);
});

describe('addresses with any beginning', () => {
  const settings = new SetBy({ MEND_PREFIXES: true });
  const rewriter = new PathRewriter(settings);
  test.each([
    ['/proxy/v1/chat/completions', '/v1/chat/completions'],
    ['/my/openai/v1/models', '/v1/models'],
    ['/x/models/gemini-2.5-flash:generateContent?key=k', '/v1beta/models/gemini-2.5-flash:generateContent?key=k'],
    ['/x/v9/models/gemini-2.5-flash:streamGenerateContent', '/v1beta/models/gemini-2.5-flash:streamGenerateContent'],
    ['/a/b/v1beta/models', '/v1beta/models'],
    ['/admin/api/v1/models', '/admin/api/v1/models'],
    ['/%61dmin/api/v1/models', '/admin/api/v1/models'],
    ['/console/v1/chat/completions', '/console/v1/chat/completions'],
    ['/v1/nothing/models', '/v1/nothing/models'],
    ['/nothing', '/nothing'],
  ])('%s is %s', (called, served) => expect(post(rewriter, called)).toBe(served));

  test('only where the operator wants it', () => {
    settings.set({ MEND_PREFIXES: false });
    expect(post(rewriter, '/proxy/v1/chat/completions')).toBe('/proxy/v1/chat/completions');
  });
});

test('prefixes and further paths add, with or without a slash at the end, and only for calls', () => {
  const settings = new SetBy({ PREFIX_CHAT: ['/tenant'], APPEND_CHAT: ['/my/chat'] });
  const rewriter = new PathRewriter(settings);
  for (const path of ['/tenant/v1/chat/completions', '/tenant/api/v1/chat/completions', '/my/chat', '/my/chat/?a=b'])
    expect(post(rewriter, path)).toMatch(/^\/v1\/chat\/completions(\?a=b)?$/);
  expect(post(rewriter, '/v1/chat/completions')).toBe('/v1/chat/completions');
  expect(rewriter.rewrite({ method: 'GET', url: '/my/chat' })).toBe('/my/chat');
  settings.set({});
  expect(post(rewriter, '/my/chat')).toBe('/my/chat');
});

test('a replacement leaves nothing else, mistyped or not', () => {
  const settings = new SetBy({ REPLACE_CHAT: ['/only'], PREFIX_CHAT: ['/tenant'] });
  const rewriter = new PathRewriter(settings);
  expect(post(rewriter, '/only')).toBe('/v1/chat/completions');
  for (const path of [
    '/v1/chat/completions',
    '/api/v1/chat/completions',
    '/chat/completions',
    '/v1/v1/chat/completions/',
  ])
    expect(post(rewriter, path)).toBe('/v1/.replaced');
  expect(post(rewriter, '/tenant/v1/chat/completions')).toBe('/tenant/v1/chat/completions');
  settings.set({ REPLACE_CHAT: ['/v1/chat/completions', '/only'] });
  expect(post(rewriter, '/v1/chat/completions')).toBe('/v1/chat/completions');
});

test('an unknown path is answered with the one that was meant', () => {
  expect(suggestPath('/v2/chat/completions')).toBe('/v1/chat/completions');
  expect(suggestPath('/anthropic//messages/count_tokens')).toBe('/v1/messages/count_tokens');
  expect(suggestPath('/nothing')).toBeUndefined();
});
