import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AttemptLimiter } from './attempt-limiter.js';
import { PasswordKeeper } from './password-keeper.js';
import { StudioAccounts } from './studio-accounts.js';
import { UserRepository } from './user-repository.js';
import { UserTokens } from './user-tokens.js';

let database: TestDatabase;
let postgres: Postgres;
let accounts: StudioAccounts;
let passwordChecks: (string | undefined)[];
const clock = createFakeClock();
const HERE = '192.0.2.1';
const ANN = { email: 'ann@example.com', password: 'correct horse' };
const MINUTE_MS = 60_000;

class Watched extends PasswordKeeper {
  override isRight(password: string, stored: string | undefined): Promise<boolean> {
    passwordChecks.push(stored);
    return super.isRight(password, stored);
  }
}

function open({ isSignUpOpen = true, mostSignUps = 5 } = {}): StudioAccounts {
  return new StudioAccounts({
    users: new UserRepository(postgres),
    passwords: new Watched({ cost: 16, blockSize: 1, parallelization: 1 }),
    tokens: new UserTokens({ key: Buffer.alloc(32, 1), clock, lifeMs: () => 60 * MINUTE_MS }),
    attempts: new AttemptLimiter({ postgres, clock }),
    clock,
    isSignUpOpen,
    mostSignUps: () => mostSignUps,
  });
}

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
});
beforeEach(async () => {
  await postgres.query({ text: 'TRUNCATE studio_user, studio_attempt, studio_video_slot' });
  passwordChecks = [];
  accounts = open();
});

const login = (email: string, password: string, address = HERE) => accounts.login({ email, password }, address);

describe('an account', () => {
  it('is made once, opens with its password, and its token says whose it is', async () => {
    const { user, token } = await accounts.register({ ...ANN, email: ' Ann@Example.com', username: 'Ann' }, HERE);
    expect(user).toMatchObject({ email: ANN.email, username: 'Ann' });
    expect(await accounts.authenticate(token)).toEqual(user);
    expect((await login('ANN@example.com', ANN.password)).user).toEqual(user);
    await expect(accounts.register(ANN, HERE)).rejects.toMatchObject({ data: { reason: 'EMAIL_EXISTS' } });
    const { rows } = await postgres.query<{ row: string }>({
      text: 'SELECT studio_user::text AS row FROM studio_user',
    });
    expect(rows[0]?.row).not.toContain(ANN.password);
  });

  it('is made once by many at a time', async () => {
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => accounts.register(ANN, HERE)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('that is closed opens no more, holds nothing, and leaves its address free', async () => {
    const { user, token } = await accounts.register(ANN, HERE);
    await accounts.close(user.id);
    await expect(accounts.authenticate(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(login(ANN.email, ANN.password)).rejects.toMatchObject({ data: { reason: 'INVALID_CREDENTIALS' } });
    const { rows } = await postgres.query<{ row: string }>({
      text: 'SELECT studio_user::text AS row FROM studio_user',
    });
    expect(rows[0]?.row).not.toMatch(/ann|scrypt/);
    expect((await accounts.register(ANN, HERE)).user.id).not.toBe(user.id);
  });

  it.each([
    [{ ...ANN, email: 'nobody' }, 'email'],
    [{ ...ANN, password: 'short' }, 'password'],
    [{ email: ANN.email }, 'password'],
    [{ ...ANN, username: 'x'.repeat(51) }, 'username'],
    [[], 'body'],
  ])('is not made of %j', async (body, param) => {
    await expect(accounts.register(body, HERE)).rejects.toMatchObject({ code: 'invalid_request', data: { param } });
  });

  it('is made by nobody where sign-up is closed, but still opens', async () => {
    await accounts.register(ANN, HERE);
    accounts = open({ isSignUpOpen: false });
    await expect(accounts.register({ ...ANN, email: 'b@b.example' }, HERE)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect((await login(ANN.email, ANN.password)).user.email).toBe(ANN.email);
  });

  it('is made so often from one address in a day, and no more', async () => {
    const register = (name: string, address: string) =>
      accounts.register({ ...ANN, email: `${name}@example.com` }, address);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await register(name, HERE);
    await expect(register('f', HERE)).rejects.toMatchObject({ code: 'rate_limited' });
    await register('f', '192.0.2.2');
    await clock.advance(24 * 60 * MINUTE_MS);
    await register('g', HERE);
  });
});

describe('a wrong password', () => {
  it('and an unknown account are told alike, after the same work', async () => {
    await accounts.register(ANN, HERE);
    const refusals = await Promise.all(
      [ANN.email, 'nobody@example.com'].map((email) => login(email, 'wrong').catch((error: unknown) => error)),
    );
    expect(refusals[0]).toMatchObject({ data: { code: 'unauthenticated', reason: 'INVALID_CREDENTIALS' } });
    expect((refusals[1] as { data: object }).data).toEqual((refusals[0] as { data: object }).data);
    expect(passwordChecks.filter((stored) => stored === undefined)).toHaveLength(1);
    expect(passwordChecks).toHaveLength(2);
  });

  it('locks the account after ten, known or not, for a while', async () => {
    await accounts.register(ANN, HERE);
    for (const email of [ANN.email, 'nobody@example.com']) {
      for (let tries = 0; tries < 10; tries += 1)
        await expect(login(email, 'wrong', `192.0.2.${tries}`)).rejects.toMatchObject({ code: 'unauthenticated' });
      await expect(login(email, ANN.password)).rejects.toMatchObject({
        code: 'rate_limited',
        data: { retryAfterMs: 15 * MINUTE_MS },
      });
    }
    await clock.advance(15 * MINUTE_MS);
    expect((await login(ANN.email, ANN.password)).user.email).toBe(ANN.email);
  });

  it('tried by many at once is tried no oftener', async () => {
    await accounts.register(ANN, HERE);
    const tries = Array.from({ length: 20 }, () =>
      login(ANN.email, 'wrong').catch((error: { code: string }) => error.code),
    );
    const codes = await Promise.all(tries);
    expect(codes.filter((code) => code === 'unauthenticated')).toHaveLength(10);
    expect(passwordChecks).toHaveLength(10);
  });

  it('now and then does not add up: a right one begins anew', async () => {
    await accounts.register(ANN, HERE);
    for (let round = 0; round < 12; round += 1) {
      await expect(login(ANN.email, 'wrong')).rejects.toMatchObject({ code: 'unauthenticated' });
      await login(ANN.email, ANN.password);
    }
  });

  it('at account after account locks the address', async () => {
    for (let tries = 0; tries < 100; tries += 1)
      await expect(login(`u${tries}@example.com`, 'wrong')).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(login('v@example.com', 'wrong')).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(login('v@example.com', 'wrong', '192.0.2.9')).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
