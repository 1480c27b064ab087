import { createConnection } from 'node:net';
import { withAdminClient } from '@sluice/platform-postgres/admin-client';
import { expect, test } from 'vitest';
import { createTestDatabase } from './create-test-database.js';
import { createTestRedis } from './create-test-redis.js';
import { startRedisServer } from './start-redis-server.js';

/** One command, one line of answer. */
async function ask(url: string, command: string): Promise<string> {
  const { port } = new URL(url);
  const socket = createConnection(Number(port), '127.0.0.1');
  socket.write(`${command}\r\n`);
  const answer = await new Promise<string>((resolve, reject) => {
    socket.once('data', (data) => resolve(String(data).trim()));
    socket.once('error', reject);
  });
  socket.destroy();
  return answer;
}

test("each test database is migrated and nobody else's", async () => {
  const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const count = `SELECT count(*)::int AS rows FROM setting`;
  await withAdminClient(first.url, (client) => client.query(`INSERT INTO setting (name, value) VALUES ('a', '1')`));
  expect((await withAdminClient(second.url, (client) => client.query(count))).rows).toEqual([{ rows: 0 }]);
  await Promise.all([first.drop(), second.drop()]);
  await expect(withAdminClient(first.url, (client) => client.query(count))).rejects.toThrow('does not exist');
});

test('each test Redis is another database of the one server', async () => {
  const [first, second] = await Promise.all([createTestRedis(), createTestRedis()]);
  expect(new URL(first.url).host).toBe(new URL(second.url).host);
  expect(first.url).not.toBe(second.url);
  expect(first.keyPrefix).not.toBe(second.keyPrefix);
  expect(await ask(first.url, 'PING')).toBe('+PONG');
});

test("a Redis of one's own ends when it is told to, and can come back on its port", async () => {
  const server = await startRedisServer();
  expect(await ask(server.url, 'PING')).toBe('+PONG');
  await server.stop();
  await expect(ask(server.url, 'PING')).rejects.toThrow('ECONNREFUSED');
  const again = await startRedisServer({ port: server.port });
  expect(await ask(again.url, 'PING')).toBe('+PONG');
  await again.stop();
});
