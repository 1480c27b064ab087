import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'sk-';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 5.95 bits each: 238 bits. */
const SECRET_LENGTH = 40;
const SHOWN_LENGTH = 4;

/** Longer ones are no key of ours, and are not hashed. */
export const LONGEST_API_KEY = 256;

/** A new key: the only time that its text exists on our side. */
export function createApiKeyText(): string {
  let secret = '';
  while (secret.length < SECRET_LENGTH) {
    for (const byte of randomBytes(SECRET_LENGTH)) {
      // The remainder of 256 divided by 62 would make some letters likelier.
      if (byte < 248 && secret.length < SECRET_LENGTH) secret += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return PREFIX + secret;
}

/** How a key is stored and looked up. */
export function hashApiKey(pepper: Buffer, text: string): Buffer {
  return createHmac('sha256', pepper).update(text).digest();
}

export function lastFourOf(text: string): string {
  return text.slice(-SHOWN_LENGTH);
}
