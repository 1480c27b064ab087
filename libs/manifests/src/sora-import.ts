import { z } from 'zod';
import { planOf } from './sora-models.js';
import type { ImportedCredential, ImportFormat } from './upstream-manifest.js';

const text = z
  .string()
  .trim()
  .transform((value) => (value === '' ? undefined : value))
  .nullish()
  .catch(undefined);
const limit = z.coerce.number().int().nullish().catch(undefined);
const flag = z.boolean().nullish().catch(undefined);

const shared = { proxy_url: text, image_concurrency: limit, video_concurrency: limit };
/** What every row of it has of its own; other tools' rows have an `access_token` as well. */
const MARKS = ['image_enabled', 'video_enabled', 'image_concurrency', 'video_concurrency'];

const rowSchema = z.looseObject({
  email: text,
  access_token: text,
  session_token: text,
  refresh_token: text,
  client_id: text,
  remark: text,
  is_active: flag,
  image_enabled: flag,
  video_enabled: flag,
  plan_type: text,
  ...shared,
});
type Row = z.infer<typeof rowSchema>;

const exportedRow = rowSchema.refine((row) => hasToken(row) && (MARKS.some((mark) => mark in row) || 'email' in row));

/** `offline` and `at` take the access token as it is; the others make a fresh one of what they are named after. */
const MODES = ['offline', 'at', 'st', 'rt'] as const;
type Mode = (typeof MODES)[number];

const documentSchema = z.looseObject({
  tokens: z.array(rowSchema.refine(hasToken)).min(1),
  mode: z.enum(MODES).optional(),
});
const pureSchema = z.looseObject({
  refresh_tokens: z.array(z.string().trim().min(1)).min(1),
  client_id: text,
  ...shared,
});

/** Sora2API: one account of its export, what its import reads in any of its four modes, and plain refresh tokens. */
export const soraExportFormat: ImportFormat = {
  name: 'Sora2API export',
  schema: z.union([
    documentSchema.transform(({ tokens, mode = 'offline' }) => tokens.map((row) => toCredential(row, mode))),
    pureSchema.transform(({ refresh_tokens: tokens, ...rest }) =>
      tokens.map((token) => toCredential({ ...NOBODY, ...rest, refresh_token: token }, 'rt')),
    ),
    exportedRow.transform((row) => [toCredential(row, 'offline')]),
  ]),
};

const NOBODY: Row = {
  email: undefined,
  access_token: undefined,
  session_token: undefined,
  refresh_token: undefined,
  client_id: undefined,
  remark: undefined,
  is_active: undefined,
  image_enabled: undefined,
  video_enabled: undefined,
  plan_type: undefined,
  proxy_url: undefined,
  image_concurrency: undefined,
  video_concurrency: undefined,
};

function hasToken(row: Row): boolean {
  return [row.access_token, row.session_token, row.refresh_token].some((token) => token != null);
}

function toCredential(row: Row, mode: Mode): ImportedCredential {
  const { email, remark, is_active: isActive } = row;
  const limits = limitsOf(row);
  const settings = settingsOf(row);
  return {
    kind: 'session',
    secret: secretOf(row, mode),
    ...(email != null && { label: email }),
    ...(remark != null && { notes: remark }),
    ...(isActive === false && { enabled: false }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(settings).length > 0 && { settings }),
  };
}

/** A mode's own token comes first: an access token that lies beside it may be dead, and would be tried before. */
function secretOf(row: Row, mode: Mode): Record<string, string> {
  const { access_token: accessToken, session_token: sessionToken, refresh_token: refreshToken, client_id } = row;
  const isExchanged = (mode === 'st' && sessionToken != null) || (mode === 'rt' && refreshToken != null);
  return {
    ...(accessToken != null && !isExchanged && { accessToken }),
    ...(sessionToken != null && { sessionToken }),
    ...(refreshToken != null && { refreshToken }),
    ...(client_id != null && { clientId: client_id }),
  };
}

/** There, -1 is unlimited. */
function limitsOf({ image_concurrency: image, video_concurrency: video }: Row): Record<string, number> {
  return { ...(image != null && image > 0 && { image }), ...(video != null && video > 0 && { video }) };
}

function settingsOf(row: Row): Record<string, unknown> {
  const { plan_type: plan, proxy_url: proxyUrl } = row;
  const uses = usesOf(row);
  return {
    ...(plan != null && { plan: planOf(plan) }),
    ...(proxyUrl != null && { proxyUrl }),
    ...(uses && { uses }),
  };
}

/** Prompts are written out by all. */
function usesOf({ image_enabled: images, video_enabled: videos }: Row): string[] | undefined {
  if (images !== false && videos !== false) return undefined;
  return [...(images === false ? [] : ['image']), ...(videos === false ? [] : ['video', 'character']), 'chat'];
}
