import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Of scrypt (RFC 7914). Memory is `128 × cost × blockSize` bytes. */
export interface PasswordCost {
  /** A power of two. */
  cost: number;
  blockSize: number;
  parallelization: number;
}

/** 32 MiB and about a fifth of a second of one core: as OWASP advises for this much memory. */
export const PASSWORD_COST: PasswordCost = { cost: 2 ** 15, blockSize: 8, parallelization: 3 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const STORED = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/;

/** `scrypt$cost$blockSize$parallelization$salt$hash`: a hash can be checked when the parameters have been raised since. */
export async function hashPassword(password: string, cost: PasswordCost = PASSWORD_COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, cost);
  const parameters = [cost.cost, cost.blockSize, cost.parallelization];
  return ['scrypt', ...parameters, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** In the same time whether it fits or not. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, cost, blockSize, parallelization, salt = '', expected = ''] = STORED.exec(stored) ?? [];
  if (cost === undefined) throw new Error('A stored password hash cannot be read.');
  const parameters = {
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallelization: Number(parallelization),
  };
  const hash = await derive(password, Buffer.from(salt, 'base64url'), parameters);
  return timingSafeEqual(hash, Buffer.from(expected, 'base64url'));
}

function derive(password: string, salt: Buffer, parameters: PasswordCost): Promise<Buffer> {
  const { cost, blockSize, parallelization } = parameters;
  // Twice what the parameters need: scrypt refuses at the very limit.
  const maxmem = 256 * cost * blockSize;
  return new Promise((resolve, reject) => {
    // One spelling of what looks the same: keyboards differ.
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { cost, blockSize, parallelization, maxmem }, (error, hash) =>
      error ? reject(error) : resolve(hash),
    );
  });
}
