import { createHmac } from 'node:crypto';
import { webhookSecretKey } from './webhook-secret.js';

export interface UnsignedWebhook {
  /** The same at every attempt. */
  id: string;
  /** Of this attempt: receivers refuse what is minutes old. */
  atMs: number;
  body: string;
  /** During a rotation the old one as well: whoever knows either can verify. */
  secrets: readonly string[];
}

/** The headers of Standard Webhooks 1.0. */
export function signWebhook({ id, atMs, body, secrets }: UnsignedWebhook): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signatures = secrets.map((secret) => {
    const digest = createHmac('sha256', webhookSecretKey(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
    return `v1,${digest}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
