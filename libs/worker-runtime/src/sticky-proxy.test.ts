import { expect, test } from 'vitest';
import { stickyProxy } from './sticky-proxy.js';

const PROXIES = Array.from({ length: 10 }, (_, index) => `http://proxy-${index}.example:8080`);
const CREDENTIALS = Array.from({ length: 1_000 }, (_, index) => `cred_${index}`);

test('mistake 17, pain point 5 of Gemini Balance: who loses its proxy moves, and nobody else', () => {
  const before = CREDENTIALS.map((id) => stickyProxy(PROXIES, id));
  const [gone, ...left] = PROXIES;
  const after = CREDENTIALS.map((id) => stickyProxy(left, id));
  for (const [index, proxy] of before.entries()) if (proxy !== gone) expect(after[index]).toBe(proxy);
  expect(after).not.toContain(gone);
});

test('all have their share, in whatever order they stand', () => {
  for (const proxy of PROXIES) {
    const share = CREDENTIALS.filter((id) => stickyProxy(PROXIES, id) === proxy).length;
    expect(share).toBeGreaterThan(50);
  }
  const [id = ''] = CREDENTIALS;
  expect(stickyProxy(PROXIES.toReversed(), id)).toBe(stickyProxy(PROXIES, id));
  expect(stickyProxy([], id)).toBeUndefined();
});
