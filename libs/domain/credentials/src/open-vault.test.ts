import { expect, test } from 'vitest';
import { openVault } from './open-vault.js';

test('without a master key nothing opens, and the message names the variable', async () => {
  const postgres = { query: () => Promise.reject(new Error('must not be asked')) };
  await expect((async () => openVault({ masterKey: undefined, postgres }))()).rejects.toThrow('SLUICE_MASTER_KEY');
});
