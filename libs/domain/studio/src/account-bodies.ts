import { z } from 'zod';
import { emailSchema } from './email-address.js';

const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD = 200;
const LONGEST_USERNAME = 50;

const text = z.string({ error: 'must be text' });

/** Body of `POST /api/auth/register`. */
export const registerSchema = z.object({
  email: emailSchema,
  password: text
    .min(SHORTEST_PASSWORD, `must have at least ${SHORTEST_PASSWORD} characters`)
    .max(LONGEST_PASSWORD, `must have at most ${LONGEST_PASSWORD} characters`),
  username: text
    .trim()
    .max(LONGEST_USERNAME, `must have at most ${LONGEST_USERNAME} characters`)
    .nullish()
    .transform((name) => name || null),
});

/** Body of `POST /api/auth/login`. */
export const loginSchema = z.object({
  email: emailSchema,
  // Longer than any that was taken: not worth hashing.
  password: text.min(1, 'is required').max(LONGEST_PASSWORD, `must have at most ${LONGEST_PASSWORD} characters`),
});
