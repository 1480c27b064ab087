import { z } from 'zod';
import { emailSchema } from './email-address.js';

const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD = 200;
const LONGEST_USERNAME = 50;

const MOST_VIDEOS = 1_000_000;

const text = z.string({ error: 'must be text' });
const passwordSchema = text
  .min(SHORTEST_PASSWORD, `must have at least ${SHORTEST_PASSWORD} characters`)
  .max(LONGEST_PASSWORD, `must have at most ${LONGEST_PASSWORD} characters`);
const usernameSchema = text
  .trim()
  .max(LONGEST_USERNAME, `must have at most ${LONGEST_USERNAME} characters`)
  .nullish()
  .transform((name) => name || null);
// Longer than any that was taken: not worth hashing.
const presentedPasswordSchema = text
  .min(1, 'is required')
  .max(LONGEST_PASSWORD, `must have at most ${LONGEST_PASSWORD} characters`);

/** Body of `POST /api/auth/register`. */
export const registerSchema = z.object({
  email: emailSchema,
  password: passwordSchema,
  username: usernameSchema,
});

/** Body of `POST /api/auth/login`. */
export const loginSchema = z.object({
  email: emailSchema,
  password: presentedPasswordSchema,
});

/** Body of `POST /api/auth/password`. */
export const changePasswordSchema = z.object({
  currentPassword: presentedPasswordSchema,
  newPassword: passwordSchema,
});

const mostSchema = z.int().min(0).max(MOST_VIDEOS).nullable();
/** Of one user; null where the settings decide. */
const limitsSchema = z.strictObject({
  simultaneousVideos: mostSchema.optional(),
  dailyVideos: mostSchema.optional(),
});

/** Body of `POST /admin/api/studio/users`. Without a password one is made. */
export const createStudioUserSchema = z.strictObject({
  email: emailSchema,
  password: passwordSchema.optional(),
  username: usernameSchema,
  limits: limitsSchema.default({}),
});

/** Body of `PATCH /admin/api/studio/users/{id}`. */
export const updateStudioUserSchema = z.strictObject({
  username: text.trim().max(LONGEST_USERNAME).nullable().optional(),
  enabled: z.boolean().optional(),
  limits: limitsSchema.optional(),
});

/** Body of `POST /admin/api/studio/users/{id}/password`. Without a password one is made. */
export const resetPasswordSchema = z.strictObject({ password: passwordSchema.optional() });

/** Query of `GET /admin/api/studio/users`. */
export const listStudioUsersSchema = z.object({
  cursor: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  email: emailSchema.optional(),
});
