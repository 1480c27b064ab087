import { hkdfSync, randomBytes } from 'node:crypto';
import type { DataKeyRecord, DataKeyStore } from './data-key-store.js';
import type { MasterKey, MasterKeys } from './master-keys.js';
import { seal, SEAL_KEY_BYTES, unseal } from './seal.js';

const RECORD_KEY_ID = 'records';
/** Root of what is derived. It is not the master key, so that hashes stay valid when that one is changed. */
const PEPPER_KEY_ID = 'pepper';

export interface VaultOptions {
  store: DataKeyStore;
  masterKeys: MasterKeys;
}

/**
 * Envelope encryption: records are sealed with a data key, data keys are wrapped by a master key that the database
 * never sees. A sealed record names its data key: one byte of length, the id, then what `seal` made.
 */
export class Vault {
  private readonly keys = new Map<string, Buffer>();

  private constructor(private readonly options: VaultOptions) {}

  /** Makes the data keys where there are none; throws when the master key at hand does not open them. */
  static async open(options: VaultOptions): Promise<Vault> {
    const vault = new Vault(options);
    await vault.load();
    const missing = [RECORD_KEY_ID, PEPPER_KEY_ID].filter((id) => !vault.keys.has(id));
    for (const id of missing) await options.store.add(vault.wrap(id, randomBytes(SEAL_KEY_BYTES)));
    if (missing.length > 0) await vault.load();
    return vault;
  }

  /** `context` names the owner of the record; it opens in no other place. */
  seal(content: string, context: string): Buffer {
    const id = Buffer.from(RECORD_KEY_ID);
    const sealed = seal({ key: this.key(RECORD_KEY_ID), content: Buffer.from(content), context });
    return Buffer.concat([Buffer.from([id.length]), id, sealed]);
  }

  unseal(sealed: Uint8Array, context: string): string {
    const idLength = sealed[0] ?? 0;
    const id = Buffer.from(sealed.subarray(1, 1 + idLength)).toString();
    return unseal({ key: this.key(id), content: sealed.subarray(1 + idLength), context }).toString();
  }

  /** A key for hashing, always the same for one purpose. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key(PEPPER_KEY_ID), '', purpose, SEAL_KEY_BYTES));
  }

  /** Wraps every data key with the current master key, while everything runs; answers how many were changed. */
  async rewrap(): Promise<number> {
    const { store, masterKeys } = this.options;
    const outdated = (await store.list()).filter((record) => record.masterKeyId !== masterKeys.current.id);
    for (const record of outdated) await store.rewrap(this.wrap(record.id, this.unwrap(record)));
    return outdated.length;
  }

  private async load(): Promise<void> {
    for (const record of await this.options.store.list()) this.keys.set(record.id, this.unwrap(record));
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (key === undefined) throw new Error(`There is no data key '${id}' in this database.`);
    return key;
  }

  private wrap(id: string, key: Buffer): DataKeyRecord {
    const master = this.options.masterKeys.current;
    return {
      id,
      masterKeyId: master.id,
      wrapped: seal({ key: master.key, content: key, context: wrapContext(id, master) }),
    };
  }

  private unwrap(record: DataKeyRecord): Buffer {
    const master = this.options.masterKeys.find(record.masterKeyId);
    if (master === undefined) {
      throw new Error(
        `The secrets in this database were sealed under master key ${record.masterKeyId}; SLUICE_MASTER_KEY holds another one. ` +
          'Set it to the former key, or to "new key,former key" to change over.',
      );
    }
    return unseal({ key: master.key, content: record.wrapped, context: wrapContext(record.id, master) });
  }
}

function wrapContext(id: string, master: MasterKey): string {
  return `${id} ${master.id}`;
}
