import { soraManifest } from '@sluice/manifests/sora';
import type { z } from 'zod';

/** What is sealed for an account: its key. */
export const soraCredentialSchema = soraManifest.kinds['videos-api'].secret;
export type SoraCredential = z.infer<typeof soraCredentialSchema>;
