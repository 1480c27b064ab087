import { openaiManifest } from '@sluice/manifests/openai';
import type { z } from 'zod';

/** What is sealed for an account: its key. */
export const openaiCredentialSchema = openaiManifest.kinds['api-key'].secret;
export type OpenaiCredential = z.infer<typeof openaiCredentialSchema>;
