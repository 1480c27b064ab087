import { createFakeClock } from '@sluice/testing/fake-clock';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { registerSchema } from './account-bodies.js';
import { addressGroup } from './address-group.js';
import { emailSchema } from './email-address.js';
import { hashPassword, isPassword, PASSWORD_COST } from './password-hash.js';
import { PasswordKeeper } from './password-keeper.js';
import { isSignUpOpen } from './studio-environment.js';
import { UserTokens } from './user-tokens.js';

const CHEAP = { cost: 16, blockSize: 1, parallelization: 1 };
const DAY_MS = 24 * 60 * 60_000;

describe('an email address', () => {
  it.each(['Ann@Example.COM', '  ann@example.com ', 'ａnn@example.com'])('%s is one person', (email) => {
    expect(emailSchema.parse(email)).toBe('ann@example.com');
  });

  it.each(['ann', 'ann@', '@example.com', 'a b@example.com', 7, null, `${'a'.repeat(250)}@example.com`])(
    '%s is none',
    (email) => {
      expect(emailSchema.safeParse(email).success).toBe(false);
    },
  );
});

it('a name that is empty is none', () => {
  const body = { email: 'a@b.example', password: 'long enough' };
  expect(registerSchema.parse({ ...body, username: '  ' }).username).toBeNull();
  expect(registerSchema.parse(body).username).toBeNull();
  expect(registerSchema.parse({ ...body, username: ' Ann ' }).username).toBe('Ann');
});

describe('a password', () => {
  it('fits its own hash, in either spelling of its letters, and nothing else does', async () => {
    const stored = await hashPassword('Ångström', CHEAP);
    expect(stored).toMatch(/^scrypt\$16\$1\$1\$/);
    expect(await isPassword('A\u030angstro\u0308m', stored)).toBe(true);
    expect(await isPassword('ångström', stored)).toBe(false);
    expect(await hashPassword('Ångström', CHEAP)).not.toBe(stored);
  });

  it('costs memory', () => {
    expect(128 * PASSWORD_COST.cost * PASSWORD_COST.blockSize).toBeGreaterThanOrEqual(32 * 1024 * 1024);
  });

  it('of nobody is never right, not even an empty one', async () => {
    const keeper = new PasswordKeeper(CHEAP);
    expect(await keeper.isRight('', undefined)).toBe(false);
    expect(await keeper.isRight('secret', await keeper.hash('secret'))).toBe(true);
  });

  it('waits its turn, and is refused where too many wait', async () => {
    const keeper = new PasswordKeeper({ ...CHEAP, cost: 4_096 });
    const outcomes = await Promise.allSettled(Array.from({ length: 70 }, () => keeper.hash('secret')));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(4);
    expect(refused[0]).toMatchObject({ reason: { code: 'overloaded' } });
  });
});

describe('a token', () => {
  const clock = createFakeClock();
  const key = Buffer.alloc(32, 1);
  const tokens = new UserTokens({ key, clock, lifeMs: () => DAY_MS });

  it('names its user until it expires', async () => {
    const token = await tokens.issue({ id: 'usr_1', tokenVersion: 3 });
    expect(await tokens.read(token)).toEqual({ userId: 'usr_1', version: 3 });
    await clock.advance(DAY_MS + 1_000);
    await expect(tokens.read(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('from before there were versions is of the first', async () => {
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('usr_1')
      .setIssuer('sluice')
      .setAudience('sluice-studio')
      .setExpirationTime(Math.floor(clock.now() / 1_000) + 3_600)
      .sign(key);
    expect(await tokens.read(token)).toEqual({ userId: 'usr_1', version: 0 });
  });

  it('that somebody else made is refused', async () => {
    const other = new UserTokens({ key: Buffer.alloc(32, 2), clock, lifeMs: () => DAY_MS });
    const inHour = Math.floor(clock.now() / 1_000) + 3_600;
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"usr_1"}').toString('base64url')}.`;
    const elsewhere = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('usr_1')
      .setExpirationTime(inHour)
      .sign(key);
    const endless = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('usr_1')
      .setIssuer('sluice')
      .setAudience('sluice-studio')
      .sign(key);
    for (const token of [await other.issue({ id: 'usr_1', tokenVersion: 0 }), unsigned, elsewhere, endless, 'x', ''])
      await expect(tokens.read(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

it.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:0:1::5', '2001:db8:0:1::/64'],
  ['2001:0DB8::1:2:3:4:5', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});

it.each([
  [undefined, '127.0.0.1', true],
  [undefined, 'localhost', true],
  [undefined, '::1', true],
  [undefined, '0.0.0.0', false],
  [undefined, '::', false],
  [undefined, '127.0.0.1.example.com', false],
  [true, '0.0.0.0', true],
  [false, '127.0.0.1', false],
])('sign-up %s at %s: %s', (signUp, host, isOpen) => {
  expect(isSignUpOpen({ signUp, host })).toBe(isOpen);
});
