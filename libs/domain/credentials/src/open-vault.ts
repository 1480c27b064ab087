import { ConfigError } from '@sluice/platform-config/config-error';
import type { Secret } from '@sluice/platform-config/secret';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { createDataKeyRepository } from './data-key-repository.js';
import { parseMasterKeys } from './master-keys.js';
import { Vault } from './vault.js';

/** The vault of a process. Without a master key there is none, and nothing may start that handles secrets. */
export function openVault(options: { masterKey: Secret | undefined; postgres: Queryable }): Promise<Vault> {
  const { masterKey, postgres } = options;
  if (!masterKey) throw new ConfigError([{ variable: 'SLUICE_MASTER_KEY', problem: 'is required and absent' }]);
  return Vault.open({ store: createDataKeyRepository(postgres), masterKeys: parseMasterKeys(masterKey.reveal()) });
}
