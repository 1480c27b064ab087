import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPostgresTemplate } from './create-postgres-template.js';
import { startPostgresServer } from './start-postgres-server.js';
import { startRedisServer } from './start-redis-server.js';

/** What a test worker is told about the shared servers. */
export interface PostgresAddress {
  /** Of the maintenance database; test databases are made from `template`. */
  readonly adminUrl: string;
  readonly template: string;
}
export interface RedisAddress {
  /** With a database number that no other asker gets. */
  readonly url: string;
  /** Channels are not separated by database numbers; names that begin with this are. */
  readonly keyPrefix: string;
}

export interface TestStores {
  /** Where workers ask: `GET <url>/postgres` and `GET <url>/redis`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** One Postgres and one Redis for the whole run, each started when the first test asks for it: a run of unit tests pays nothing. */
export async function serveTestStores(): Promise<TestStores> {
  const postgres = lazily(startPostgresServer);
  const template = lazily(async () => createPostgresTemplate(await postgres.get()));
  const redis = lazily(() => startRedisServer());
  let redisDatabases = 0;
  const answers: Record<string, () => Promise<PostgresAddress | RedisAddress>> = {
    '/postgres': template.get,
    '/redis': async () => {
      const number = ++redisDatabases;
      return { url: `${(await redis.get()).url}/${number}`, keyPrefix: `test${number}` };
    },
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    Promise.resolve(answer?.()).then(
      (body) => response.writeHead(body ? 200 : 404).end(JSON.stringify(body ?? {})),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}

function lazily<Value>(start: () => Promise<Value>) {
  let started: Promise<Value> | undefined;
  return {
    get: (): Promise<Value> => (started ??= start()),
    async stop(): Promise<void> {
      const value: unknown = await started?.catch(() => undefined);
      if (isStoppable(value)) await value.stop();
    },
  };
}

const isStoppable = (value: unknown): value is { stop(): Promise<void> } =>
  typeof value === 'object' && value !== null && 'stop' in value;
