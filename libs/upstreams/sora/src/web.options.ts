import type { JsonObject } from '@sluice/contracts/json';
import { z } from 'zod';
import { unsupported } from './web.error.js';

export const MOST_CHARACTERS = 3;
export const MOST_REFERENCES = 5;

/** What only this website understands; the members of `providerOptions.sora`, which clients write beside the common fields. */
const optionsSchema = z.object({
  /** The page's own list changes: any word. */
  style: z.string().trim().min(1).optional(),
  storyboard: z
    .object({
      /** What holds for all of it. */
      instructions: z.string().optional(),
      shots: z.array(z.object({ seconds: z.union([z.number(), z.string()]), scene: z.string() })).min(1),
    })
    .optional(),
  characters: z
    .array(z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]))
    .max(MOST_CHARACTERS, `at most ${MOST_CHARACTERS} characters`)
    .optional(),
  reference_ids: z.array(z.string()).max(MOST_REFERENCES, `at most ${MOST_REFERENCES} references`).optional(),
  /** Somebody's post, or the address of its page. */
  remix_target_id: z
    .string()
    .transform((text) => /s_[0-9a-f]{32}/.exec(text)?.[0] ?? text)
    .pipe(z.string().regex(/^s_\w+$/, 'must be a post: s_…'))
    .optional(),
  /** A draft of this account. */
  extend_generation_id: z
    .string()
    .regex(/^gen_\w+$/, 'must be a draft: gen_…')
    .optional(),
  /** `unmarked`: the rendition that accounts have who are entitled to it. */
  rendition: z.enum(['usual', 'unmarked']).optional(),
});
export type WebOptions = z.infer<typeof optionsSchema>;

/** As vendors and older gateways spell them. */
const SPELLINGS: Readonly<Record<string, keyof WebOptions>> = {
  style_id: 'style',
  character_ids: 'characters',
  cameo_ids: 'characters',
  remix_target: 'remix_target_id',
};

export function readOptions(given: JsonObject = {}): WebOptions {
  const entries = Object.entries(given).map(([name, value]) => [SPELLINGS[name] ?? name, value]);
  const parsed = optionsSchema.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unsupported(String(issue?.path[0] ?? 'storyboard'), `The website does not take this: ${issue?.message ?? ''}.`);
}
