import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import type { StudioUser } from './studio-user.js';

/** The table `studio_user`. */
export class UserRepository {
  constructor(private readonly postgres: Queryable) {}

  /** False where the address is taken. */
  async insert(user: StudioUser & { passwordHash: string }): Promise<boolean> {
    const { id, email, username, passwordHash, createdAt, limits } = user;
    const { simultaneousVideos, dailyVideos } = limits;
    const row = [id, email, username, passwordHash, createdAt, simultaneousVideos, dailyVideos] as const;
    return (await insertUser.run(this.postgres, ...row)) > 0;
  }

  async find(id: string): Promise<StudioUser | undefined> {
    const row = await findUser.first(this.postgres, id);
    return row && toUser(row);
  }

  async findByEmail(email: string): Promise<{ user: StudioUser; passwordHash: string } | undefined> {
    const row = await findUserByEmail.first(this.postgres, email);
    return row && { user: toUser(row), passwordHash: row.password_hash };
  }

  /** The newest first. */
  async list(query: { limit: number; after?: string | undefined; email?: string | undefined }): Promise<StudioUser[]> {
    const { limit, after = null, email = null } = query;
    return (await listUsers.all(this.postgres, limit, after, email)).map(toUser);
  }

  async update(
    { id, username, limits, isDisabled }: Pick<StudioUser, 'id' | 'username' | 'limits' | 'isDisabled'>,
    nowMs: number,
  ): Promise<void> {
    const { simultaneousVideos, dailyVideos } = limits;
    await updateUser.run(this.postgres, id, username, simultaneousVideos, dailyVideos, isDisabled, new Date(nowMs));
  }

  /** Every token until now is void. Undefined where there is no such user any more, else the version of tokens from now on. */
  async setPassword(id: string, passwordHash: string, nowMs: number): Promise<number | undefined> {
    return (await setPassword.first(this.postgres, id, passwordHash, new Date(nowMs)))?.token_version;
  }

  /** False where there is no such user any more. */
  async close(id: string, nowMs: number): Promise<boolean> {
    return (await closeUser.run(this.postgres, id, new Date(nowMs))) > 0;
  }

  async listClosed(limit: number): Promise<string[]> {
    return (await listClosedUsers.all(this.postgres, limit)).map(({ id }) => id);
  }

  /** Of a closed account; its slots go with it. */
  async delete(id: string): Promise<void> {
    await deleteUser.run(this.postgres, id);
  }
}

interface UserRow {
  id: string;
  email: string;
  username: string | null;
  created_at: Date;
  updated_at: Date;
  simultaneous_videos: number | null;
  daily_videos: number | null;
  token_version: number;
  is_disabled: boolean;
}

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

type InsertParameters = [
  id: string,
  email: string,
  username: string | null,
  passwordHash: string,
  now: Date,
  simultaneousVideos: number | null,
  dailyVideos: number | null,
];
type UpdateParameters = [
  id: string,
  username: string | null,
  simultaneousVideos: number | null,
  dailyVideos: number | null,
  isDisabled: boolean,
  now: Date,
];
type ListParameters = [limit: number, after: string | null, email: string | null];

const insertUser = defineStatement<object, InsertParameters>(sql('insert-studio-user'));
const findUser = defineStatement<UserRow, [id: string]>(sql('find-studio-user'));
const findUserByEmail = defineStatement<UserRow & { password_hash: string }, [email: string]>(
  sql('find-studio-user-by-email'),
);
const listUsers = defineStatement<UserRow, ListParameters>(sql('list-studio-users'));
const updateUser = defineStatement<object, UpdateParameters>(sql('update-studio-user'));
const setPassword = defineStatement<{ token_version: number }, [id: string, passwordHash: string, now: Date]>(
  sql('set-studio-password'),
);
const closeUser = defineStatement<object, [id: string, now: Date]>(sql('close-studio-user'));
const listClosedUsers = defineStatement<{ id: string }, [limit: number]>(sql('list-closed-studio-users'));
const deleteUser = defineStatement<object, [id: string]>(sql('delete-studio-user'));

function toUser(row: UserRow): StudioUser {
  return {
    id: row.id,
    email: row.email,
    username: row.username,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    limits: { simultaneousVideos: row.simultaneous_videos, dailyVideos: row.daily_videos },
    isDisabled: row.is_disabled,
    tokenVersion: row.token_version,
  };
}
