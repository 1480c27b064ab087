import { expect, it } from 'vitest';
import { checkWebhookUrl } from './check-webhook-url.js';

const check = (url: string, allowPrivateNetwork = false) => checkWebhookUrl({ url, param: 'url', allowPrivateNetwork });

it('takes http and https, without a fragment', () => {
  expect(check('https://example.com/hook?a=1#here')).toBe('https://example.com/hook?a=1');
  expect(check('http://8.8.8.8:8080/')).toBe('http://8.8.8.8:8080/');
});

it.each([
  'ftp://example.com',
  'file:///etc/passwd',
  'example.com',
  '',
  'https://user:secret@example.com/',
  `https://example.com/${'a'.repeat(2_048)}`,
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://10.0.0.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://100.64.0.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
])('refuses %s', (url) => {
  expect(() => check(url)).toThrow(
    expect.objectContaining({ code: 'invalid_request', data: expect.objectContaining({ param: 'url' }) }),
  );
});

it('takes private ones where the operator said so', () => {
  expect(check('http://127.0.0.1:1/hook', true)).toBe('http://127.0.0.1:1/hook');
  expect(() => check('ftp://127.0.0.1', true)).toThrow();
});
