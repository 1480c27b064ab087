import { z } from 'zod';
import { configRest } from './grok-import-config.js';
import type { ImportedCredential, ImportedRest, ImportFormat } from './upstream-manifest.js';

const textSchema = z.string().trim().min(1).optional().catch(undefined);

/** A token as its files and its pages tell it: the bare cookie, or an object about it. */
const tokenSchema = z.union([
  z
    .string()
    .trim()
    .min(1)
    .transform((token) => ({ token })),
  z.object({
    token: z.string().trim().min(1),
    status: textSchema,
    note: textSchema,
    tags: z.array(z.string().trim().min(1)).optional().catch(undefined),
  }),
]);
type Token = z.infer<typeof tokenSchema>;

const poolsSchema = z
  .looseObject({ ssoBasic: z.array(tokenSchema).optional(), ssoSuper: z.array(tokenSchema).optional() })
  .refine((pools) => 'ssoBasic' in pools || 'ssoSuper' in pools);

/** A row of its table of tokens, as the older pages list it. */
const rowSchema = tokenSchema.options[1].extend({ token_type: z.enum(['sso', 'ssoBasic', 'ssoSuper']) });

const limitSchema = z.number().nullish();
const keySchema = z.object({
  key: z.string().trim().min(1),
  name: textSchema,
  is_active: z.boolean().optional(),
  chat_limit: limitSchema,
  heavy_limit: limitSchema,
  image_limit: limitSchema,
  video_limit: limitSchema,
});
type Key = z.infer<typeof keySchema>;
const keyRowSchema = keySchema.refine((row) => 'chat_limit' in row || 'image_limit' in row);
const keysSchema = z.union([
  keyRowSchema.transform((key) => [key]),
  z.object({ data: z.array(keyRowSchema).min(1) }).transform(({ data }) => data),
]);

const configSchema = z
  .looseObject({ grok: z.looseObject({}), app: z.looseObject({}).optional(), token: z.looseObject({}).optional() })
  .refine(({ app, token }) => app !== undefined || token !== undefined);

/** Grok2API: its pools of tokens. What an account has left is not taken: the account itself is asked. */
export const grokTokensFormat: ImportFormat = {
  name: 'Grok2API tokens',
  schema: z.union([
    poolsSchema.transform(({ ssoBasic = [], ssoSuper = [] }) => [
      ...ssoBasic.map((token) => toCredential(token, 'basic')),
      ...ssoSuper.map((token) => toCredential(token, 'super')),
    ]),
    rowSchema.transform((row) => [toCredential(row, row.token_type === 'ssoSuper' ? 'super' : 'basic')]),
  ]),
};

/** Grok2API: the keys of its clients, with what each may use in a day. */
export const grokKeysFormat: ImportFormat = {
  name: 'Grok2API keys',
  schema: keysSchema.transform((): ImportedCredential[] => []),
  readRest(value) {
    const parsed = keysSchema.safeParse(value);
    return parsed.success ? restOf(parsed.data) : undefined;
  },
};

/** Grok2API: its configuration. */
export const grokConfigFormat: ImportFormat = {
  name: 'Grok2API configuration',
  schema: configSchema.transform((): ImportedCredential[] => []),
  readRest(value) {
    const parsed = configSchema.safeParse(value);
    return parsed.success ? configRest(parsed.data) : undefined;
  },
};

/** There, three refusals of any kind make a token dead: the first look here says what it is. Only what somebody switched off stays so. */
function toCredential(given: Token, plan: 'basic' | 'super'): ImportedCredential {
  const { token, status, note, tags } = { status: undefined, note: undefined, tags: undefined, ...given };
  return {
    kind: 'session',
    secret: { sso: token },
    settings: { plan },
    ...(tags && tags.length > 0 && { tags }),
    ...(note !== undefined && { notes: note }),
    ...(status === 'disabled' && { enabled: false }),
  };
}

function restOf(keys: readonly Key[]): ImportedRest {
  const active = keys.filter(({ is_active: isActive = true }) => isActive);
  const off = keys.length - active.length;
  return {
    apiKeys: active.map(({ key, name, ...limits }) => ({
      key,
      ...(name !== undefined && { name }),
      limits: limitsOf(limits),
    })),
    settings: {},
    left: off === 0 ? [] : [`${off} keys that are switched off`],
  };
}

/** Per day; what has no limit, by either sign, is not told. */
function limitsOf(limits: Omit<Key, 'key' | 'name'>): Readonly<Record<string, number>> {
  const { chat_limit: chat, heavy_limit: heavy, image_limit: image, video_limit: video } = limits;
  const told = { chatPerDay: chat, heavyPerDay: heavy, imagePerDay: image, videoPerDay: video };
  const counts = Object.entries(told).flatMap(([name, count]) =>
    typeof count === 'number' && count >= 0 ? [[name, count] as const] : [],
  );
  return Object.fromEntries(counts);
}
