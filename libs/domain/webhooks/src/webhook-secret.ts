import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const PREFIX = 'whsec_';
const BYTES = 32;
/** As Standard Webhooks allows. */
const FEWEST_BYTES = 24;
const MOST_BYTES = 64;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A secret that the owner brings along, from where it received webhooks before. */
export const webhookSecretSchema = z
  .string()
  .refine(isWebhookSecret, `is not '${PREFIX}' and the base64 of ${FEWEST_BYTES} to ${MOST_BYTES} bytes`);

export function createWebhookSecret(): string {
  return PREFIX + randomBytes(BYTES).toString('base64');
}

/** What signatures are made with. */
export function webhookSecretKey(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}

function isWebhookSecret(text: string): boolean {
  if (!text.startsWith(PREFIX) || !BASE64.test(text.slice(PREFIX.length))) return false;
  const { length } = webhookSecretKey(text);
  return length >= FEWEST_BYTES && length <= MOST_BYTES;
}
