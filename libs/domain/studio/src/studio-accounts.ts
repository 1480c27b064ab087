import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import { changePasswordSchema, loginSchema, registerSchema } from './account-bodies.js';
import { addressGroup } from './address-group.js';
import type { AttemptLimit, AttemptLimiter } from './attempt-limiter.js';
import type { PasswordKeeper } from './password-keeper.js';
import { emailTaken } from './email-taken.js';
import { newUser, type StudioUser } from './studio-user.js';
import type { UserRepository } from './user-repository.js';
import type { UserTokens } from './user-tokens.js';

export interface StudioAccountsOptions {
  users: Pick<UserRepository, 'insert' | 'find' | 'findByEmail' | 'setPassword' | 'close'>;
  passwords: PasswordKeeper;
  tokens: UserTokens;
  attempts: AttemptLimiter;
  clock: Clock;
  isSignUpOpen: boolean;
  /** By one address in a day. */
  mostSignUps(): number;
}

/** Who somebody is, and what shows it. */
export interface SignedIn {
  user: StudioUser;
  token: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const LOCK_MS = 15 * MINUTE_MS;
const MOST_LOGINS_PER_ACCOUNT = 10;
const MOST_LOGINS_PER_ADDRESS = 100;
const GONE = 'This account is not there any more.';
const DISABLED = 'This account is disabled.';

/** Accounts of the studio's users. Takes bodies as they came; failures are `GatewayError`s. */
export class StudioAccounts {
  constructor(private readonly options: StudioAccountsOptions) {}

  async register(body: unknown, address: string): Promise<SignedIn> {
    const { users, passwords, attempts, clock, isSignUpOpen, mostSignUps } = this.options;
    if (!isSignUpOpen) throw new GatewayError('forbidden', 'Sign-up is closed here; ask whoever runs this service.');
    const { email, password, username } = parseBody(registerSchema, body);
    await attempts.take({
      action: 'sign-up',
      subject: addressGroup(address),
      most: mostSignUps(),
      withinMs: DAY_MS,
      message: 'Too many accounts were made from your address; try again later.',
    });
    const user = newUser({ email, username }, { nowMs: clock.now() });
    const isNew = await users.insert({ ...user, passwordHash: await passwords.hash(password) });
    if (isNew) return this.signIn(user);
    throw emailTaken();
  }

  /** An unknown account is refused as a wrong password is: in words, in time, and after as many attempts. */
  async login(body: unknown, address: string): Promise<SignedIn> {
    const { users, passwords, attempts } = this.options;
    const { email, password } = parseBody(loginSchema, body);
    const [byAddress, byAccount] = loginLimits(addressGroup(address), email);
    await attempts.take(byAddress);
    await attempts.take(byAccount);
    const found = await users.findByEmail(email);
    const isRight = await passwords.isRight(password, found?.passwordHash);
    if (!found || !isRight)
      throw new GatewayError('unauthenticated', 'Invalid email or password', { reason: 'INVALID_CREDENTIALS' });
    await Promise.all([attempts.forgive(byAccount), attempts.giveBack(byAddress)]);
    if (found.user.isDisabled) throw new GatewayError('forbidden', `${DISABLED} Ask whoever runs this service.`);
    return this.signIn(found.user);
  }

  /** With the one there was; whoever else is logged in is not any more. */
  async changePassword(user: StudioUser, body: unknown): Promise<SignedIn> {
    const { users, passwords, attempts, clock } = this.options;
    const { currentPassword, newPassword } = parseBody(changePasswordSchema, body);
    const [, byAccount] = loginLimits('', user.email);
    await attempts.take(byAccount);
    const found = await users.findByEmail(user.email);
    if (!(await passwords.isRight(currentPassword, found?.passwordHash)))
      throw new GatewayError('invalid_request', 'currentPassword: is not your password', { param: 'currentPassword' });
    await attempts.forgive(byAccount);
    const tokenVersion = await users.setPassword(user.id, await passwords.hash(newPassword), clock.now());
    if (tokenVersion === undefined) throw new GatewayError('unauthenticated', GONE);
    return this.signIn({ ...user, tokenVersion });
  }

  /** Whom a token stands for. Throws `unauthenticated`, also where the account was closed since. */
  async authenticate(token: string | undefined): Promise<StudioUser> {
    if (token === undefined)
      throw new GatewayError('unauthenticated', 'You are not logged in: send Authorization: Bearer <token>.');
    const { userId, version } = await this.options.tokens.read(token);
    const user = await this.options.users.find(userId);
    if (!user) throw new GatewayError('unauthenticated', GONE);
    if (user.isDisabled) throw new GatewayError('unauthenticated', DISABLED);
    if (version === user.tokenVersion) return user;
    throw new GatewayError('unauthenticated', 'The password was changed since then: log in again.');
  }

  /** From now on nobody can log in, and no token opens. */
  async close(userId: string): Promise<void> {
    await this.options.users.close(userId, this.options.clock.now());
  }

  private async signIn(user: StudioUser): Promise<SignedIn> {
    return { user, token: await this.options.tokens.issue(user) };
  }
}

function loginLimits(address: string, email: string): [byAddress: AttemptLimit, byAccount: AttemptLimit] {
  const common = { withinMs: LOCK_MS, message: 'Too many attempts to log in; try again later.' };
  return [
    { action: 'login-from', subject: address, most: MOST_LOGINS_PER_ADDRESS, ...common },
    { action: 'login-at', subject: email, most: MOST_LOGINS_PER_ACCOUNT, ...common },
  ];
}
