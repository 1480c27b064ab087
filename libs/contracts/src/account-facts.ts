import { z } from 'zod';

const text = z.string().optional();
const count = z.number().optional();

/** Who an account is, as its upstream tells: for operators to read. What is not told is absent. */
export const accountFactsSchema = z.object({
  email: text,
  name: text,
  username: text,
  planTitle: text,
  planEndsAtMs: count,
  inviteCode: text,
  invitesRedeemed: count,
  invitesTotal: count,
  /** When what it is signed in by ends, whether or not it can be renewed. */
  sessionEndsAtMs: count,
});
export type AccountFacts = z.infer<typeof accountFactsSchema>;
