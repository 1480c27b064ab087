import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import { randomBytes } from 'node:crypto';
import {
  createStudioUserSchema,
  listStudioUsersSchema,
  resetPasswordSchema,
  updateStudioUserSchema,
} from './account-bodies.js';
import { emailTaken } from './email-taken.js';
import type { PasswordKeeper } from './password-keeper.js';
import { newUser, type StudioUser, type UserLimits } from './studio-user.js';
import type { UserRepository } from './user-repository.js';

export interface StudioUserAdminOptions {
  users: Pick<UserRepository, 'insert' | 'find' | 'list' | 'update' | 'setPassword'>;
  passwords: Pick<PasswordKeeper, 'hash'>;
  clock: Pick<Clock, 'now'>;
}

/** As operators see a user. */
export interface StudioUserView {
  id: string;
  email: string;
  username: string | null;
  enabled: boolean;
  /** Null where the settings decide. */
  limits: UserLimits;
  createdAt: string;
  updatedAt: string;
}

const PASSWORD_BYTES = 15;

/** What operators do with the studio's users. Takes bodies as they came; failures are `GatewayError`s that name the field. */
export class StudioUserAdmin {
  constructor(private readonly options: StudioUserAdminOptions) {}

  /** With the password, where one was made: it is in this answer and in no other. */
  async create(body: unknown): Promise<StudioUserView & { password?: string }> {
    const { users, passwords, clock } = this.options;
    const { email, username, limits, password } = parseBody(createStudioUserSchema, body);
    const { simultaneousVideos = null, dailyVideos = null } = limits;
    const user = newUser({ email, username }, { nowMs: clock.now(), limits: { simultaneousVideos, dailyVideos } });
    const chosen = password ?? makePassword();
    if (!(await users.insert({ ...user, passwordHash: await passwords.hash(chosen) }))) throw emailTaken();
    return { ...toView(user), ...(password === undefined && { password: chosen }) };
  }

  async list(query: unknown): Promise<{ users: StudioUserView[]; nextCursor?: string }> {
    const { cursor, limit, email } = parseBody(listStudioUsersSchema, query);
    const found = await this.options.users.list({ limit: limit + 1, after: cursor, email });
    const users = found.slice(0, limit).map(toView);
    const last = users.at(-1);
    return found.length > limit && last ? { users, nextCursor: last.id } : { users };
  }

  async get(id: string): Promise<StudioUserView> {
    return toView(await this.find(id));
  }

  /** What is not named stays. Who is disabled is logged out at once; what is being made for them goes on. */
  async update(id: string, body: unknown): Promise<StudioUserView> {
    const { username, enabled, limits } = parseBody(updateStudioUserSchema, body);
    const user = await this.find(id);
    const changed = {
      ...user,
      username: username === undefined ? user.username : username || null,
      isDisabled: enabled === undefined ? user.isDisabled : !enabled,
      limits: merged(user.limits, limits),
    };
    await this.options.users.update(changed, this.options.clock.now());
    return this.get(id);
  }

  /** Whoever is logged in is not any more. With the password, where one was made. */
  async resetPassword(id: string, body: unknown): Promise<{ id: string; password?: string }> {
    const { users, passwords, clock } = this.options;
    const { password } = parseBody(resetPasswordSchema, body ?? {});
    await this.find(id);
    const chosen = password ?? makePassword();
    if ((await users.setPassword(id, await passwords.hash(chosen), clock.now())) === undefined) throw missing(id);
    return password === undefined ? { id, password: chosen } : { id };
  }

  private async find(id: string): Promise<StudioUser> {
    const user = await this.options.users.find(id);
    if (user) return user;
    throw missing(id);
  }
}

function toView({ id, email, username, limits, isDisabled, createdAt, updatedAt }: StudioUser): StudioUserView {
  return {
    id,
    email,
    username,
    enabled: !isDisabled,
    limits,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** Null is a value: the settings decide again. */
function merged(
  before: UserLimits,
  changes: { [Name in keyof UserLimits]?: number | null | undefined } = {},
): UserLimits {
  const { simultaneousVideos = before.simultaneousVideos, dailyVideos = before.dailyVideos } = changes;
  return { simultaneousVideos, dailyVideos };
}

function makePassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url');
}

function missing(id: string): GatewayError {
  return new GatewayError('not_found', `There is no user '${id.slice(0, 64)}' of the studio.`, { param: 'id' });
}
