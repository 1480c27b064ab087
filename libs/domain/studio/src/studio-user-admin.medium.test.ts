import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AttemptLimiter } from './attempt-limiter.js';
import { PasswordKeeper } from './password-keeper.js';
import { StudioAccounts } from './studio-accounts.js';
import { StudioUserAdmin } from './studio-user-admin.js';
import { UserRepository } from './user-repository.js';
import { UserTokens } from './user-tokens.js';

let database: TestDatabase;
let postgres: Postgres;
let accounts: StudioAccounts;
let admin: StudioUserAdmin;
const clock = createFakeClock();
const HERE = '192.0.2.1';
const ANN = { email: 'ann@example.com', password: 'correct horse' };
const NEW = 'battery staple';

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  const users = new UserRepository(postgres);
  const passwords = new PasswordKeeper({ cost: 16, blockSize: 1, parallelization: 1 });
  admin = new StudioUserAdmin({ users, passwords, clock });
  accounts = new StudioAccounts({
    users,
    passwords,
    tokens: new UserTokens({ key: Buffer.alloc(32, 1), clock, lifeMs: () => 60 * 60_000 }),
    attempts: new AttemptLimiter({ postgres, clock }),
    clock,
    isSignUpOpen: false,
    mostSignUps: () => 0,
  });
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
});
beforeEach(() => postgres.query({ text: 'TRUNCATE studio_user, studio_attempt, studio_video_slot' }));

const login = (password = ANN.password) => accounts.login({ email: ANN.email, password }, HERE);
const refused = (code: string, param?: string) => ({ code, ...(param !== undefined && { data: { param } }) });

describe('a user whom an operator makes', () => {
  it('logs in, also where sign-up is closed; has the limits that were given', async () => {
    const made = await admin.create({ ...ANN, email: ' Ann@Example.com', limits: { dailyVideos: 3 } });
    expect(made).toMatchObject({ email: ANN.email, enabled: true });
    expect(made).not.toHaveProperty('password');
    const { user } = await login();
    expect(user).toMatchObject({ id: made.id, limits: { dailyVideos: 3, simultaneousVideos: null } });
  });

  it('is given a password where none was chosen, which is shown once', async () => {
    const { id, password = '' } = await admin.create({ email: ANN.email });
    expect((await login(password)).user.id).toBe(id);
    expect(JSON.stringify(await admin.get(id))).not.toContain('password');
  });

  it('is there once', async () => {
    await admin.create(ANN);
    await expect(admin.create(ANN)).rejects.toMatchObject({ data: { param: 'email', reason: 'EMAIL_EXISTS' } });
  });

  it.each([
    [{ email: 'nobody' }, 'email'],
    [{ ...ANN, password: 'short' }, 'password'],
    [{ ...ANN, limits: { dailyVideos: -1 } }, 'limits.dailyVideos'],
    [{ ...ANN, limits: { weeklyVideos: 1 } }, 'limits.weeklyVideos'],
    [{ ...ANN, admin: true }, 'admin'],
  ])('is not made of %j', async (body, param) => {
    await expect(admin.create(body)).rejects.toMatchObject(refused('invalid_request', param));
  });
});

it('users are listed, the newest first, page by page, and found by their address', async () => {
  for (const name of ['a', 'b', 'c']) {
    await admin.create({ email: `${name}@example.com` });
    await clock.advance(1_000);
  }
  const first = await admin.list({ limit: '2' });
  const second = await admin.list({ limit: '2', cursor: first.nextCursor });
  const emails = [...first.users, ...second.users].map(({ email }) => email);
  expect(emails).toEqual(['c@example.com', 'b@example.com', 'a@example.com']);
  expect(second).not.toHaveProperty('nextCursor');
  expect((await admin.list({ email: 'B@example.com' })).users).toMatchObject([{ email: 'b@example.com' }]);
  await accounts.close(second.users[0]?.id ?? '');
  expect((await admin.list({})).users).toHaveLength(2);
  await expect(admin.list({ limit: '0' })).rejects.toMatchObject(refused('invalid_request', 'limit'));
});

describe('an operator', () => {
  it('disables a user: no login, no token, until enabled again', async () => {
    const { id } = await admin.create(ANN);
    const { token } = await login();
    expect(await admin.update(id, { enabled: false })).toMatchObject({ enabled: false });
    await expect(accounts.authenticate(token)).rejects.toMatchObject(refused('unauthenticated'));
    await expect(login()).rejects.toMatchObject(refused('forbidden'));
    await expect(login('wrong one')).rejects.toMatchObject(refused('unauthenticated'));
    await admin.update(id, { enabled: true });
    expect((await accounts.authenticate(token)).id).toBe(id);
  });

  it('changes what is named, and nothing else', async () => {
    const { id } = await admin.create({ ...ANN, username: 'Ann', limits: { dailyVideos: 3, simultaneousVideos: 1 } });
    await admin.update(id, { limits: { dailyVideos: null } });
    const limits = { dailyVideos: null, simultaneousVideos: 1 };
    expect(await admin.get(id)).toMatchObject({ username: 'Ann', enabled: true, limits });
    expect(await admin.update(id, { username: null })).toMatchObject({ username: null, limits });
    await expect(admin.update(id, { password: NEW })).rejects.toMatchObject(refused('invalid_request', 'password'));
    await expect(admin.update('usr_none', {})).rejects.toMatchObject(refused('not_found'));
  });

  it('resets a password: the old one and every token are void', async () => {
    const { id } = await admin.create(ANN);
    const { token } = await login();
    const { password = '' } = await admin.resetPassword(id, undefined);
    await expect(login()).rejects.toMatchObject(refused('unauthenticated'));
    await expect(accounts.authenticate(token)).rejects.toMatchObject(refused('unauthenticated'));
    expect((await login(password)).user.id).toBe(id);
    expect(await admin.resetPassword(id, { password: NEW })).toEqual({ id });
    expect((await login(NEW)).user.id).toBe(id);
    await expect(admin.resetPassword('usr_none', {})).rejects.toMatchObject(refused('not_found'));
  });
});

describe('a user', () => {
  const change = async (body: object) => {
    const { user, token } = await login();
    return { before: token, ...(await accounts.changePassword(user, body)) };
  };

  it('changes the password: here one stays logged in, elsewhere not', async () => {
    await admin.create(ANN);
    const { before, token, user } = await change({ currentPassword: ANN.password, newPassword: NEW });
    expect((await accounts.authenticate(token)).id).toBe(user.id);
    await expect(accounts.authenticate(before)).rejects.toMatchObject(refused('unauthenticated'));
    await expect(login()).rejects.toMatchObject(refused('unauthenticated'));
    expect((await login(NEW)).user.id).toBe(user.id);
  });

  it.each([
    [{ currentPassword: 'wrong one', newPassword: NEW }, 'currentPassword'],
    [{ currentPassword: ANN.password, newPassword: 'short' }, 'newPassword'],
    [{ newPassword: NEW }, 'currentPassword'],
  ])('does not change it by %j', async (body, param) => {
    await admin.create(ANN);
    await expect(change(body)).rejects.toMatchObject(refused('invalid_request', param));
    await login();
  });

  it('cannot guess it with a token that was found', async () => {
    await admin.create(ANN);
    const { user } = await login();
    const guess = () => accounts.changePassword(user, { currentPassword: 'wrong one', newPassword: NEW });
    for (let tries = 0; tries < 10; tries += 1)
      await expect(guess()).rejects.toMatchObject(refused('invalid_request', 'currentPassword'));
    await expect(guess()).rejects.toMatchObject(refused('rate_limited'));
  });
});
