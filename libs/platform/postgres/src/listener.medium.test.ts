import { EventEmitter, once } from 'node:events';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import type { TestDatabase } from '@sluice/testing/create-test-database';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withAdminClient } from './admin-client.js';
import { Listener } from './listener.js';

let database: TestDatabase;
let listener: Listener;
let events: EventEmitter;

beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
  events = new EventEmitter();
  listener = new Listener({
    url: database.url,
    applicationName: 'listening',
    onError: (error) => events.emit('lost', error),
  });
});
afterEach(async () => {
  await listener.close();
  await database.drop();
});

const subscribe = (channel = 'news') =>
  listener.subscribe({
    channel,
    onNotification: (payload) => events.emit('notification', payload),
    onGap: () => events.emit('gap'),
  });

const run = (text: string) => withAdminClient(database.url, (client) => client.query(text));

test('a notification reaches the subscriber of its channel', async () => {
  subscribe();
  await once(events, 'gap');
  const received = once(events, 'notification');
  await run(`NOTIFY other, 'wrong'`);
  await run(`NOTIFY news, 'right'`);
  expect(await received).toEqual(['right']);
});

test('a subscriber that comes later is listened for as well', async () => {
  subscribe('first');
  await once(events, 'gap');
  subscribe('second');
  await once(events, 'gap');
  const received = once(events, 'notification');
  await run(`NOTIFY second, 'heard'`);
  expect(await received).toEqual(['heard']);
});

test('after its session is ended it comes back, tells subscribers to read again, and hears again', async () => {
  subscribe();
  await once(events, 'gap');
  const lost = once(events, 'lost');
  const gap = once(events, 'gap');
  await run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listening'`);
  await lost;
  await gap;
  const received = once(events, 'notification');
  await run(`NOTIFY news, 'again'`);
  expect(await received).toEqual(['again']);
});

test('a database that is not there yet is waited for', async () => {
  const url = `${database.url}_later`;
  const late = new Listener({ url, applicationName: 'late', onError: () => events.emit('refused') });
  const gap = new Promise<void>((resolve) =>
    late.subscribe({ channel: 'news', onNotification: () => undefined, onGap: resolve }),
  );
  await once(events, 'refused');
  const name = new URL(url).pathname.slice(1);
  await run(`CREATE DATABASE ${name}`);
  await gap;
  await late.close();
  await run(`DROP DATABASE ${name} WITH (FORCE)`);
});
