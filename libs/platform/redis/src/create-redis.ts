import { Redis, type RedisOptions } from 'ioredis';
import { flattenScriptsQuickly } from './flatten-quickly.js';
import { gatherWrites } from './gather-writes.js';

/**
 * What a connection is for decides how it meets trouble: a `request` fails at once (somebody waits), a `worker`
 * and a `subscriber` wait until the store is back.
 */
export type RedisRole = 'request' | 'worker' | 'subscriber';

export interface CreateRedisOptions {
  url: string;
  role: RedisRole;
  /** Shown in the store's client list. */
  name: string;
  /** Told of every connection error; the connection heals by itself. */
  onError(error: Error): void;
  /** For `request`: how long an answer may take. */
  commandTimeoutMs?: number;
}

/** Replies keep the shapes that every version of the protocol shares. */
type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>;

/** A store that is down is known at once; this bounds a slow one, and spares a busy machine false alarms. */
const COMMAND_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 3_000;
const RETRY_FIRST_MS = 20;
const RETRY_LONGEST_MS = 1_000;

export function createRedis({ url, role, name, onError, commandTimeoutMs }: CreateRedisOptions): Redis {
  const options: ConnectionOptions = {
    connectionName: name,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy,
    ...roleOptions(role, commandTimeoutMs ?? COMMAND_TIMEOUT_MS),
  };
  const redis = new Redis(url, options);
  redis.on('error', onError);
  gatherWrites(redis);
  flattenScriptsQuickly(redis);
  return redis;
}

function roleOptions(role: RedisRole, commandTimeoutMs: number): ConnectionOptions {
  switch (role) {
    case 'request':
      return {
        enableOfflineQueue: false,
        // A command in flight when the connection breaks fails, rather than being sent again much later.
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
        commandTimeout: commandTimeoutMs,
      };
    case 'worker':
      return { maxRetriesPerRequest: null };
    case 'subscriber':
      return { maxRetriesPerRequest: null, autoResubscribe: true };
  }
}

/** Doubling with jitter, so that a restart of the store is not met by all processes in one instant. */
function retryStrategy(attempt: number): number {
  const longest = Math.min(RETRY_FIRST_MS * 2 ** Math.min(attempt, 10), RETRY_LONGEST_MS);
  return longest / 2 + Math.random() * (longest / 2);
}
