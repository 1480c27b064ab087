import { z } from 'zod';
import type { ChatHabits } from './chat-habits.js';
import type { ExtraHeaders } from './extra-headers.js';

export const credentialStateSchema = z.enum([
  'ready',
  'busy',
  'rate_limited',
  'quota_exhausted',
  'auth_failed',
  'degraded',
  'disabled',
]);
export type CredentialState = z.infer<typeof credentialStateSchema>;

/** What a credential is used for; limits are counted per use. `upkeep` is what we ask for ourselves: lists, quotas. */
export const credentialUseSchema = z.enum([
  'chat',
  'embedding',
  'image',
  'video',
  'character',
  'speech',
  'transcription',
  'moderation',
  'upkeep',
]);
export type CredentialUse = z.infer<typeof credentialUseSchema>;

/** Simultaneous uses, cluster-wide; a use not named is unlimited. */
export const credentialLimitsSchema = z.partialRecord(credentialUseSchema, z.int().positive());
export type CredentialLimits = z.infer<typeof credentialLimitsSchema>;

/** The use of a credential by one worker for a while. */
export interface Lease<Secret = unknown> {
  id: string;
  credentialId: string;
  /** Grows with every lease of the credential: whoever holds a smaller one has been replaced. */
  epoch: number;
  expiresAtMs: number;
  kind: string;
  secret: Secret;
  baseUrl: string | null;
  allowPrivateNetwork: boolean;
  /** The way out that the credential names; absent: the process's own. */
  proxyUrl?: string;
  /** Credentials that name the same one are of one project there. */
  quotaGroup?: string;
  /** What the operator adds to every call with it. */
  headers?: ExtraHeaders;
  /** How its vendor departs from OpenAI's chat protocol, as far as the operator says. */
  chatHabits?: ChatHabits;
}
