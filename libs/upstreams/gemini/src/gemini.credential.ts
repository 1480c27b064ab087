import { geminiManifest } from '@sluice/manifests/gemini';
import type { z } from 'zod';

/** What is sealed for an account: its key. Both kinds have no more. */
export const geminiCredentialSchema = geminiManifest.kinds['api-key'].secret;
export type GeminiCredential = z.infer<typeof geminiCredentialSchema>;
