import { expect, it } from 'vitest';
import { createUrlSigner } from './url-signer.js';

const NOW_MS = 1_000_000;
const signer = createUrlSigner(Buffer.from('key'));
const signed = signer.sign('results/a.mp4', NOW_MS + 5_000);

it('lets a signed path be read until its time', () => {
  expect(signer.verify(signed, NOW_MS)).toBe(true);
  expect(signer.verify(signed, NOW_MS + 4_999)).toBe(true);
  expect(signer.verify(signed, NOW_MS + 5_000)).toBe(false);
  expect(createUrlSigner(Buffer.from('key')).verify(signed, NOW_MS)).toBe(true);
});

it.each([
  [{ ...signed, path: 'results/b.mp4' }],
  [{ ...signed, expires: signed.expires + 1 }],
  [{ ...signed, expires: Number.NaN }],
  [{ ...signed, expires: Infinity }],
  [{ ...signed, signature: '' }],
  [{ ...signed, signature: `${signed.signature}x` }],
  [{ ...signed, signature: 'é'.repeat(43) }],
  [createUrlSigner(Buffer.from('other')).sign(signed.path, NOW_MS + 5_000)],
])('refuses what was altered: %j', (altered) => expect(signer.verify(altered, NOW_MS)).toBe(false));
