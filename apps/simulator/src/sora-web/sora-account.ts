import { z } from 'zod';

/** What an account may be told to be. */
export const accountSchema = z.strictObject({
  account: z.string().regex(/^[\w.]+(?:-[\w.]+)*$/),
  plan: z.enum(['chatgpt_free', 'chatgpt_plus', 'chatgpt_team', 'chatgpt_pro']).optional(),
  /** Videos until the next reset. */
  limit: z.number().int().min(0).optional(),
  resetSeconds: z.number().int().min(1).optional(),
  concurrency: z.number().int().min(1).optional(),
  hasSora2: z.boolean().optional(),
  /** Whether asking for it gives it Sora 2. */
  joins: z.boolean().optional(),
  username: z.string().nullable().optional(),
  /** For characters, half ones too. */
  places: z.number().int().min(0).optional(),
  /** How long an access token lives. */
  accessMs: z.number().int().min(1).optional(),
  /** Whether a refresh token is good for one exchange only. */
  rotates: z.boolean().optional(),
  /** How long, from now on, the session and the refresh tokens of the account live. */
  sessionMs: z.number().int().min(0).optional(),
  refreshMs: z.number().int().min(0).optional(),
  /** Ends every access token, or the session, that it has given out. */
  invalidate: z.enum(['access', 'session', 'all']).optional(),
});
export type AccountWish = z.infer<typeof accountSchema>;

/** What a picture shows, for films to look at. */
interface SoraReference {
  readonly id: string;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  readonly type: string;
  readonly asset_pointers: readonly string[];
}

const DAY_MS = 86_400_000;

export class SoraAccount {
  plan: string;
  limit = 30;
  resetSeconds = 86_400;
  concurrency = 3;
  hasSora2 = true;
  joins = true;
  places = 100;
  username: string | null;
  accessMs = 10 * DAY_MS;
  rotates = true;
  /** Tokens of earlier ones are dead. */
  accessEpoch = 0;
  isSignedOut = false;
  refreshNumber = 1;
  sessionEndsAtMs = Infinity;
  refreshEndsAtMs = Infinity;
  readonly uploads = new Map<string, { mediaType: string | undefined; bytes: number }>();
  /** Files of other uses, by what points at them. */
  readonly assets = new Map<string, { use: string; bytes: number }>();
  readonly references = new Map<string, SoraReference>();
  private used = 0;
  private sinceMs = 0;

  constructor(readonly name: string) {
    this.plan = name.includes('pro') ? 'chatgpt_pro' : name.includes('free') ? 'chatgpt_free' : 'chatgpt_plus';
    this.username = `u.${name}`;
  }

  wish({ invalidate, sessionMs, refreshMs, ...wishes }: Omit<AccountWish, 'account'>, nowMs: number): void {
    if (sessionMs !== undefined) this.sessionEndsAtMs = nowMs + sessionMs;
    if (refreshMs !== undefined) this.refreshEndsAtMs = nowMs + refreshMs;
    for (const [name, value] of Object.entries(wishes)) if (value !== undefined) Object.assign(this, { [name]: value });
    if (invalidate === 'access' || invalidate === 'all') this.accessEpoch += 1;
    if (invalidate === 'session' || invalidate === 'all') this.isSignedOut = true;
  }

  /** What is left, and when all of it is back. */
  balance(nowMs: number): { remaining: number; resetsInSeconds: number } {
    const endMs = this.sinceMs + this.resetSeconds * 1_000;
    const isOver = this.used === 0 || nowMs >= endMs;
    return {
      remaining: Math.max(0, this.limit - (isOver ? 0 : this.used)),
      resetsInSeconds: isOver ? 0 : Math.ceil((endMs - nowMs) / 1_000),
    };
  }

  spend(nowMs: number): void {
    if (this.used === 0 || nowMs >= this.sinceMs + this.resetSeconds * 1_000) {
      this.used = 0;
      this.sinceMs = nowMs;
    }
    this.used += 1;
  }
}
