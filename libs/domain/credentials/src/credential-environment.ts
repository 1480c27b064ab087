import { flagSchema } from '@sluice/platform-config/flag';
import { durationMsSchema } from '@sluice/platform-config/duration';
import { secretSchema } from '@sluice/platform-config/secret';
import type { z } from 'zod';
import { isProxyUrl } from './proxy-url.js';

const proxyUrlSchema = secretSchema.refine(
  (secret) => isProxyUrl(secret.reveal()),
  'must be a URL like http://host:port, https://host:port or socks5://host:port',
);

export const credentialEnvironment = {
  /** `auto`: demo credentials serve an upstream while the operator has none for it. */
  SLUICE_DEMO: flagSchema.default('auto'),
  /** The way out for credentials that name none of their own: http(s) or socks5. */
  SLUICE_PROXY_URL: proxyUrlSchema.optional(),
  /** A worker that dies keeps its slots for so long. */
  CREDENTIAL_LEASE_MS: durationMsSchema.default(15_000),
} satisfies z.ZodRawShape;
