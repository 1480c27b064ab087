import { describe, expect, it } from 'vitest';
import { PathRewriter } from '../extra-routes/path-rewriter.js';
import { geminiPath } from './gemini-path.js';
import { readModelPath } from './model-path.js';

describe('the model and what is done with it', () => {
  it.each([
    ['/v1beta/models/m:generateContent', 'm', 'generateContent'],
    ['/v1beta/models/m:streamGenerateContent?alt=sse', 'm', 'streamGenerateContent'],
    ['/v1beta/models/models/m:countTokens', 'm', 'countTokens'],
    ['/v1beta/models/models%2Fm:countTokens', 'm', 'countTokens'],
    ['/v1beta/models/google/gemma-3:embedContent', 'google/gemma-3', 'embedContent'],
    ['/v1beta/models/google%2Fgemma-3%3AembedContent', 'google/gemma-3', 'embedContent'],
    ['/v1beta/models/llama3:8b', 'llama3:8b', undefined],
    ['/v1beta/models/llama3:8b:generateContent', 'llama3:8b', 'generateContent'],
    ['/v1beta/models/m', 'm', undefined],
  ])('%s', (url, model, method) => expect(readModelPath(url)).toEqual({ model, ...(method && { method }) }));

  it('what is not encoded as URLs are is not found', () => {
    expect(() => readModelPath('/v1beta/models/%E0%A4%A:generateContent')).toThrow('not encoded');
  });
});

describe('addresses of existing deployments', () => {
  const settings = { get: () => [] as never, watch: (callback: () => void) => (callback(), () => {}) };
  const rewriter = new PathRewriter(settings);

  it.each([
    ['/gemini/v1beta/models/m:generateContent?key=x', '/v1beta/models/m:generateContent?key=x'],
    ['/vertex-express/v1beta/models/m:generateContent', '/v1beta/models/m:generateContent'],
    ['/gemini/upload/v1beta/files', '/upload/v1beta/files'],
    ['/v1/models/m:generateContent', '/v1beta/models/m:generateContent'],
    ['/v1/models/a/b%3AstreamGenerateContent?alt=sse', '/v1beta/models/a/b%3AstreamGenerateContent?alt=sse'],
    ['/v1alpha/models/m:generateContent', '/v1beta/models/m:generateContent'],
    ['/v1beta1/publishers/google/models/m:generateContent', '/v1beta/models/m:generateContent'],
    ['/hf/v1/chat/completions', '/v1/chat/completions'],
    ['/hf/v1/models', '/v1/models'],
    ['/openai/v1/embeddings', '/v1/embeddings'],
  ])('%s is %s', (called, served) => expect(rewriter.rewrite({ method: 'POST', url: called })).toBe(served));

  it.each([
    '/v1/models/m',
    '/v1beta/models/m:generateContent',
    '/v1/chat/completions',
    '/gemini/v1/x',
    '/hf/admin/api',
  ])('%s is left as it is', (path) => expect(geminiPath(path)).toBeUndefined());
});
