/** Whoever made an account of the studio. */
export interface StudioUser {
  id: string;
  email: string;
  username: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Whom what a user makes belongs to. No API key's id has a colon. */
export function ownerIdOf(userId: string): string {
  return `studio:${userId}`;
}
