import { randomHex } from '@sluice/contracts/generation-id';

/** Whoever made an account of the studio. */
export interface StudioUser {
  id: string;
  email: string;
  username: string | null;
  createdAt: Date;
  updatedAt: Date;
  /** Null where the settings decide. */
  limits: UserLimits;
  /** By an operator. */
  isDisabled: boolean;
  /** Tokens of an older one open nothing. */
  tokenVersion: number;
}

/** How many videos at a time and in a day. */
export interface UserLimits {
  simultaneousVideos: number | null;
  dailyVideos: number | null;
}

/** Of somebody whom nobody knew before. */
export function newUser(
  { email, username }: Pick<StudioUser, 'email' | 'username'>,
  { nowMs, limits }: { nowMs: number; limits?: UserLimits },
): StudioUser {
  const now = new Date(nowMs);
  return {
    id: `usr_${randomHex(32)}`,
    email,
    username,
    createdAt: now,
    updatedAt: now,
    limits: limits ?? { simultaneousVideos: null, dailyVideos: null },
    isDisabled: false,
    tokenVersion: 0,
  };
}

/** Whom what a user makes belongs to. No API key's id has a colon. */
export function ownerIdOf(userId: string): string {
  return `studio:${userId}`;
}
