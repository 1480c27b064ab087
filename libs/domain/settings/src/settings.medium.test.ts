import { createLogger } from '@sluice/platform-logger/logger';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { Listener } from '@sluice/platform-postgres/listener';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { SettingRepository } from './setting-repository.js';
import { Settings } from './settings.js';

let database: TestDatabase;
let postgres: Postgres;
let listener: Listener;
let here: Settings;
let elsewhere: Settings;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  listener = new Listener({ url: database.url, applicationName: 'test' });
  const logger = createLogger({ service: 'test', level: 'silent' });
  const replica = () => new Settings({ repository: new SettingRepository(postgres), listener, logger });
  [here, elsewhere] = [replica(), replica()];
  await Promise.all([here.start(), elsewhere.start()]);
});
afterAll(async () => {
  here.close();
  elsewhere.close();
  await listener.close();
  await postgres.close();
  await database.drop();
});

test('a change holds at once where it was made, and soon on every replica', async () => {
  expect(here.get('SESSION_IDLE_MS')).toBe(30 * 60_000);
  let told = 0;
  elsewhere.watch(() => (told += 1));
  await here.put('SESSION_IDLE_MS', { value: 60_000 });
  expect(here.get('SESSION_IDLE_MS')).toBe(60_000);
  await vi.waitFor(() => expect(elsewhere.get('SESSION_IDLE_MS')).toBe(60_000));
  expect(told).toBeGreaterThan(1);
  expect(await here.reset('SESSION_IDLE_MS')).toMatchObject({ value: 30 * 60_000, updatedAt: null });
  await vi.waitFor(() => expect(elsewhere.get('SESSION_IDLE_MS')).toBe(30 * 60_000));
});

test('what is wrong is refused by its name', async () => {
  await expect(here.put('NO_SUCH', { value: 1 })).rejects.toMatchObject({ code: 'not_found' });
  const wrong = here.put('SESSION_IDLE_MS', { value: 'soon' });
  await expect(wrong).rejects.toMatchObject({ code: 'invalid_request', data: { param: 'value' } });
  await expect(here.put('APPEND_CHAT', { value: ['/admin/api'] })).rejects.toMatchObject({
    data: { param: 'value.0' },
  });
  expect(here.get('APPEND_CHAT')).toEqual([]);
});

test('the passwords of proxies are not shown, and not lost when what was shown comes back', async () => {
  const [first, second] = ['http://me:word@one.example:80', 'socks5://two.example:1080'];
  const shown = { gemini: ['http://me:***@one.example/', second] };
  expect(await here.put('PROXIES', { value: { gemini: [first, second] } })).toMatchObject({ value: shown });
  expect(here.list().find(({ name }) => name === 'PROXIES')?.value).toEqual(shown);
  await here.put('PROXIES', { value: { '*': ['http://new.example'], ...shown } });
  expect(here.get('PROXIES')).toEqual({ '*': ['http://new.example'], gemini: [first, second] });
  await here.reset('PROXIES');
});

test('a stored value that is not valid any more does no harm', async () => {
  await postgres.query({ text: `INSERT INTO setting (name, value) VALUES ('SESSION_MAX_TURNS', '"many"')` });
  await here.put('SESSION_BY_USER', { value: true });
  expect(here.get('SESSION_MAX_TURNS')).toBe(200);
  expect(here.get('SESSION_BY_USER')).toBe(true);
});
