import { expect, test } from 'vitest';
import { parseMasterKeys } from './master-keys.js';
import { checkProxyUrl, openProxyUrl, sealProxyUrl, showProxyUrl } from './proxy-url.js';
import type { DataKeyRecord } from './data-key-store.js';
import { Vault } from './vault.js';

const records: DataKeyRecord[] = [];
const store = {
  list: async () => records,
  add: async (record: DataKeyRecord) => void records.push(record),
  rewrap: async () => undefined,
};
const vault = await Vault.open({ store, masterKeys: parseMasterKeys('a master key of the tests') });

test('a password is sealed, hidden and opened again', () => {
  const stored = sealProxyUrl(vault, 'socks5://user:p%40ss@proxy.example.com:1080', 'credential a');
  expect(stored).not.toContain('p%40ss');
  expect(showProxyUrl(stored)).toBe('socks5://user:***@proxy.example.com:1080');
  expect(openProxyUrl(vault, stored, 'credential a')).toBe('socks5://user:p%40ss@proxy.example.com:1080');
  expect(() => openProxyUrl(vault, stored, 'credential b')).toThrow();
});

test('without a password there is nothing to hide', () => {
  const stored = sealProxyUrl(vault, 'http://127.0.0.1:3128', 'credential a');
  expect([stored, showProxyUrl(stored), openProxyUrl(vault, stored, 'credential a')]).toEqual(
    Array.from({ length: 3 }, () => 'http://127.0.0.1:3128/'),
  );
});

test.each(['ftp://a', 'nonsense', 'http://a/path', 'socks4://a:1', 'http://a?b=c', 'http://a#b'])(
  '%s is refused',
  (text) => {
    expect(() => checkProxyUrl(text, 'proxyUrl')).toThrow('proxyUrl: must');
  },
);
