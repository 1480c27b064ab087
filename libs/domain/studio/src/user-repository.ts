import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import type { StudioUser } from './studio-user.js';

/** The table `studio_user`. */
export class UserRepository {
  constructor(private readonly postgres: Queryable) {}

  /** False where the address is taken. */
  async insert(user: StudioUser & { passwordHash: string }): Promise<boolean> {
    const { id, email, username, passwordHash, createdAt } = user;
    return (await insertUser.run(this.postgres, id, email, username, passwordHash, createdAt)) > 0;
  }

  async find(id: string): Promise<StudioUser | undefined> {
    const row = await findUser.first(this.postgres, id);
    return row && toUser(row);
  }

  async findByEmail(email: string): Promise<{ user: StudioUser; passwordHash: string } | undefined> {
    const row = await findUserByEmail.first(this.postgres, email);
    return row && { user: toUser(row), passwordHash: row.password_hash };
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
}

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

type InsertParameters = [id: string, email: string, username: string | null, passwordHash: string, now: Date];

const insertUser = defineStatement<object, InsertParameters>(sql('insert-studio-user'));
const findUser = defineStatement<UserRow, [id: string]>(sql('find-studio-user'));
const findUserByEmail = defineStatement<UserRow & { password_hash: string }, [email: string]>(
  sql('find-studio-user-by-email'),
);
const closeUser = defineStatement<object, [id: string, now: Date]>(sql('close-studio-user'));
const listClosedUsers = defineStatement<{ id: string }, [limit: number]>(sql('list-closed-studio-users'));
const deleteUser = defineStatement<object, [id: string]>(sql('delete-studio-user'));

function toUser({ id, email, username, created_at: createdAt, updated_at: updatedAt }: UserRow): StudioUser {
  return { id, email, username, createdAt, updatedAt };
}
