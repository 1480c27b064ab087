import { z } from 'zod';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^(\d+)\s*(ms|s|m|h|d)?$/;

/** A length of time as a variable: `15000` (milliseconds), `15s`, `2m`, `1h`, `7d`. */
export const durationMsSchema = z.string().transform((text, context) => {
  const match = PATTERN.exec(text);
  const unit = (match?.[2] ?? 'ms') as keyof typeof UNIT_MS;
  const milliseconds = Number(match?.[1]) * UNIT_MS[unit];
  if (Number.isSafeInteger(milliseconds)) return milliseconds;
  context.issues.push({ code: 'custom', input: text, message: 'must be a duration such as 15000, 15s, 2m or 7d' });
  return z.NEVER;
});
