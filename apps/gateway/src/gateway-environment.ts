import { z } from 'zod';
import { accountsEnvironment } from '@sluice/domain-accounts/accounts-environment';
import { batchesEnvironment } from '@sluice/domain-batches/batches-environment';
import { credentialEnvironment } from '@sluice/domain-credentials/credential-environment';
import { filesEnvironment } from '@sluice/domain-files/files-environment';
import { responsesEnvironment } from '@sluice/domain-responses/responses-environment';
import { studioEnvironment } from '@sluice/domain-studio/studio-environment';
import { coreEnvironment } from '@sluice/platform-config/core-environment';
import { durationMsSchema } from '@sluice/platform-config/duration';
import { onOffSchema } from '@sluice/platform-config/flag';
import { loadConfig } from '@sluice/platform-config/load-config';
import { mediaEnvironment } from '@sluice/platform-media/media-environment';
import { postgresEnvironment } from '@sluice/platform-postgres/postgres-environment';
import { redisEnvironment } from '@sluice/platform-redis/redis-environment';

const MEBIBYTE = 1024 * 1024;

const gatewayEnvironment = {
  SLUICE_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  SLUICE_HOST: z.string().default('127.0.0.1'),
  SLUICE_TRUST_PROXY: onOffSchema.default(false),
  /** Larger bodies are refused; images travel in them as base64. */
  SLUICE_MAX_BODY_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(64 * MEBIBYTE),
  /** What has ended is kept this long; what has files, as long as it has them. */
  SLUICE_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(7),
  /** SDKs send a failed POST again by themselves: taken for the same call even where it has no Idempotency-Key. */
  SLUICE_DEDUPE_SDK_RETRIES: onOffSchema.default(false),
  /** How long a streamed answer's headers wait for its first part. */
  SLUICE_HOLD_MS: durationMsSchema.default(15_000),
  SLUICE_HEARTBEAT_MS: durationMsSchema.default(15_000),
  /** How long a call waits for its pictures; they go on. Less than the ten minutes after which SDKs ask again. */
  SLUICE_IMAGE_WAIT_MS: durationMsSchema.default(570_000),
} satisfies z.ZodRawShape;

export function loadGatewayConfig() {
  return loadConfig({
    ...coreEnvironment,
    ...redisEnvironment,
    ...postgresEnvironment,
    ...mediaEnvironment,
    ...accountsEnvironment,
    ...credentialEnvironment,
    ...filesEnvironment,
    ...batchesEnvironment,
    ...responsesEnvironment,
    ...studioEnvironment,
    ...gatewayEnvironment,
  });
}
export type GatewayConfig = ReturnType<typeof loadGatewayConfig>;
