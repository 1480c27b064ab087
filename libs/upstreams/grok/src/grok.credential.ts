import { grokManifest } from '@sluice/manifests/grok';
import type { z } from 'zod';

/** What is sealed for an account: its key. */
export const grokCredentialSchema = grokManifest.kinds['api-key'].secret;
export type GrokCredential = z.infer<typeof grokCredentialSchema>;
