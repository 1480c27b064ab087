import { expect, test } from 'vitest';
import type { DataKeyRecord, DataKeyStore } from './data-key-store.js';
import { parseMasterKeys } from './master-keys.js';
import { Vault } from './vault.js';

function storeInMemory(): DataKeyStore & { records: Map<string, DataKeyRecord> } {
  const records = new Map<string, DataKeyRecord>();
  return {
    records,
    list: async () => [...records.values()],
    add: async (record) => void (records.has(record.id) || records.set(record.id, record)),
    rewrap: async (record) => void records.set(record.id, record),
  };
}
const OLD = 'the former master key';
const NEW = 'the present master key';

test('what is sealed opens again, also in another process', async () => {
  const store = storeInMemory();
  const sealed = (await Vault.open({ store, masterKeys: parseMasterKeys(OLD) })).seal('text', 'row 1');
  const other = await Vault.open({ store, masterKeys: parseMasterKeys(OLD) });
  expect(other.unseal(sealed, 'row 1')).toBe('text');
  expect(sealed.toString('latin1')).not.toContain('text');
});

test('a record that was moved or changed does not open', async () => {
  const vault = await Vault.open({ store: storeInMemory(), masterKeys: parseMasterKeys(OLD) });
  const sealed = vault.seal('text', 'row 1');
  expect(() => vault.unseal(sealed, 'row 2')).toThrow();
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
  expect(() => vault.unseal(sealed, 'row 1')).toThrow();
});

test('replicas that open it together agree on the keys', async () => {
  const store = storeInMemory();
  const [one, two] = await Promise.all([1, 2].map(() => Vault.open({ store, masterKeys: parseMasterKeys(OLD) })));
  expect(two?.unseal(one?.seal('text', 'row') ?? new Uint8Array(), 'row')).toBe('text');
  expect(one?.derive('purpose')).toEqual(two?.derive('purpose'));
});

test('another master key is refused with a message that tells what to do', async () => {
  const store = storeInMemory();
  await Vault.open({ store, masterKeys: parseMasterKeys(OLD) });
  await expect(Vault.open({ store, masterKeys: parseMasterKeys(NEW) })).rejects.toThrow(/SLUICE_MASTER_KEY/);
});

test('the master key is changed while secrets and hashes stay valid', async () => {
  const store = storeInMemory();
  const before = await Vault.open({ store, masterKeys: parseMasterKeys(OLD) });
  const sealed = before.seal('text', 'row');
  const both = await Vault.open({ store, masterKeys: parseMasterKeys(`${NEW},${OLD}`) });
  expect(await both.rewrap()).toBe(2);
  expect(await both.rewrap()).toBe(0);
  const after = await Vault.open({ store, masterKeys: parseMasterKeys(NEW) });
  expect(after.unseal(sealed, 'row')).toBe('text');
  expect(after.derive('purpose')).toEqual(before.derive('purpose'));
});

test('a short master key is refused without being shown', () => {
  expect(() => parseMasterKeys('short')).toThrow(/at least 16/);
  expect(() => parseMasterKeys('short')).not.toThrow(/short/);
});
