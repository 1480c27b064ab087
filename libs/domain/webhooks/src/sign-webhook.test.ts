import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { signWebhook } from './sign-webhook.js';
import { encodeWebhookEvent } from './webhook-event.js';
import { createWebhookSecret, webhookSecretSchema } from './webhook-secret.js';

const secrets = [createWebhookSecret(), createWebhookSecret()] as const;
const event = { id: 'evt_1', type: 'video.completed', objectId: 'video_ü', createdAtMs: 1_700_000_000_900 };
const body = encodeWebhookEvent(event);
const signed = (some: readonly string[], atMs = Date.now()) => signWebhook({ id: event.id, atMs, body, secrets: some });

describe('a signature', () => {
  it('is what the reference implementation takes', () => {
    expect(new Webhook(secrets[0]).verify(body, signed([secrets[0]]))).toEqual({
      id: 'evt_1',
      object: 'event',
      created_at: 1_700_000_000,
      type: 'video.completed',
      data: { id: 'video_ü' },
    });
  });

  it('holds for whoever knows either secret of a rotation, and for nobody else', () => {
    const headers = signed(secrets);
    for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toMatchObject({ id: 'evt_1' });
    expect(() => new Webhook(createWebhookSecret()).verify(body, headers)).toThrow('No matching signature');
    expect(() => new Webhook(secrets[0]).verify(`${body} `, headers)).toThrow('No matching signature');
    expect(() => new Webhook(secrets[0]).verify(body, { ...headers, 'webhook-id': 'evt_2' })).toThrow();
  });

  it('is of its own time', () => {
    expect(() => new Webhook(secrets[0]).verify(body, signed(secrets, Date.now() - 301_000))).toThrow('too old');
  });
});

it('a secret is the base64 of 24 to 64 bytes', () => {
  const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
  for (const good of [secretOf(24), secretOf(64), createWebhookSecret()])
    expect(webhookSecretSchema.safeParse(good).success).toBe(true);
  for (const bad of [secretOf(23), secretOf(65), 'whsec_', 'whsec_äöü', secretOf(32).slice(6), `${secretOf(32)}!`])
    expect(webhookSecretSchema.safeParse(bad).success).toBe(false);
});
