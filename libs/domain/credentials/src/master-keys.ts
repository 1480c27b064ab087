import { createHash, hkdfSync } from 'node:crypto';

/** Wraps data keys. It comes from outside (environment, file) and is never stored. */
export interface MasterKey {
  /** Names the key without telling anything of it. */
  id: string;
  key: Buffer;
}

/** The first writes, all of them read: so that a new one can be put in front of the old one. */
export interface MasterKeys {
  current: MasterKey;
  find(id: string): MasterKey | undefined;
}

const SHORTEST_KEY = 16;
const KEY_BYTES = 32;
const ID_DIGITS = 12;

/**
 * Reads `SLUICE_MASTER_KEY`: one key, or several separated by commas. There is no default, so nothing starts without one.
 * Throws a message that holds no part of a key.
 */
export function parseMasterKeys(text: string): MasterKeys {
  const keys = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part.length > 0)
    .map(toMasterKey);
  const [current] = keys;
  if (current === undefined)
    throw new Error(
      'SLUICE_MASTER_KEY is required to open the secrets at rest; make one with: openssl rand -base64 32',
    );
  const byId = new Map(keys.map((key) => [key.id, key]));
  return { current, find: (id) => byId.get(id) };
}

function toMasterKey(text: string): MasterKey {
  if (text.length < SHORTEST_KEY) {
    throw new Error(
      `SLUICE_MASTER_KEY must have at least ${SHORTEST_KEY} characters, e.g. from: openssl rand -base64 32`,
    );
  }
  const key = Buffer.from(hkdfSync('sha256', text, '', 'sluice master key', KEY_BYTES));
  return { id: createHash('sha256').update('sluice master key id').update(key).digest('hex').slice(0, ID_DIGITS), key };
}
