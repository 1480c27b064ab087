import { onOffSchema } from '@sluice/platform-config/flag';
import type { z } from 'zod';

export const studioEnvironment = {
  /** Whether strangers can make themselves an account of the studio. Absent: only where nobody else can reach us. */
  SLUICE_SIGNUP: onOffSchema.optional(),
} satisfies z.ZodRawShape;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/** What the operator said; else whether `host` is this machine's own. */
export function isSignUpOpen({ signUp, host }: { signUp: boolean | undefined; host: string }): boolean {
  return signUp ?? LOOPBACK.test(host);
}
