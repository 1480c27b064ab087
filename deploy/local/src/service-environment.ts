import { join } from 'node:path';
import type { Instance } from './instance.js';
import type { Stores } from './start-stores.js';
import { presentVariables } from './system-environment.js';

/** For our services: the operator's environment, and over it what this instance settled. */
export function serviceEnvironment(instance: Instance, stores: Stores): Record<string, string> {
  const { environment, settings, secrets, home } = instance;
  return {
    ...presentVariables(environment),
    DATABASE_URL: stores.database.serviceUrl,
    REDIS_URL: stores.redis.serviceUrl,
    SLUICE_HOME: home.path,
    SLUICE_MASTER_KEY: secrets.masterKey,
    SLUICE_API_KEY: secrets.apiKey,
    SLUICE_ADMIN_TOKEN: secrets.adminToken,
    SLUICE_ADMIN_EMAIL: secrets.adminEmail,
    SLUICE_ADMIN_PASSWORD: secrets.adminPassword,
    SLUICE_DEMO: settings.SLUICE_DEMO,
    SHUTDOWN_MS: String(settings.SHUTDOWN_MS),
    LOG_LEVEL: settings.LOG_LEVEL,
    // Compiled code is kept from start to start where Node can (22.1 and newer).
    NODE_COMPILE_CACHE: join(home.path, 'compile-cache'),
  };
}
