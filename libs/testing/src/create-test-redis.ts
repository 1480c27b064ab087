import { askTestStores } from './ask-test-stores.js';
import type { RedisAddress } from './serve-test-stores.js';

/**
 * A Redis database that no other caller has, on the server that the whole run shares. Channels are shared by all of them:
 * begin their names with `keyPrefix`. A test that flushes or stops the server takes `startRedisServer`.
 */
export const createTestRedis = (): Promise<RedisAddress> => askTestStores<RedisAddress>('/redis');
