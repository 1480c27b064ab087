import { z } from 'zod';
import { expectSuccess } from '../harness/admin-client.js';
import type { SluiceClient } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';

export const KEY_MODELS = {
  chat: 'sim-grok-4.5',
  image: 'sim-grok-imagine-image',
  edit: 'sim-grok-imagine-image',
  video: 'sim-grok-imagine-video',
} as const;
export const WEB_MODELS = {
  chat: 'grok-4-thinking',
  image: 'grok-imagine-1.0',
  edit: 'grok-imagine-1.0-edit',
  video: 'grok-imagine-1.0-video',
} as const;

export interface OwnSession {
  id: string;
  sso: string;
}

/** A session of the simulated website. Its value decides what the account is: "super" in it makes one that pays. */
export async function createSession(
  client: SluiceClient,
  settings: Readonly<Record<string, unknown>> & { word?: string } = {},
): Promise<OwnSession> {
  const { word = 'session', ...more } = settings;
  const sso = unique(word);
  const body = {
    upstream: 'grok',
    kind: 'session',
    label: sso,
    secret: { sso },
    baseUrl: `${client.run.simulator ?? ''}/grok`,
    allowPrivateNetwork: true,
    ...more,
  };
  const { id } = z
    .object({ id: z.string() })
    .parse(expectSuccess(await client.admin.call('POST', '/credentials', body)));
  return { id, sso };
}
