import { credentialLimitsSchema } from '@sluice/contracts/credential';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import { findUpstream, UPSTREAMS } from '@sluice/manifests/upstreams';
import type { CredentialKind } from '@sluice/manifests/upstream-manifest';
import { z } from 'zod';
import { normaliseBaseUrl, refusePrivateBaseUrl } from './base-url.js';
import { credentialSettingsSchema } from './credential-settings.js';

const nameSchema = z.string().trim().min(1).max(200);

const { plan, uses, group, quotaGroup, windows, modelLimits, proxyUrl, headers, chatHabits } =
  credentialSettingsSchema.shape;

/** Absent leaves a setting as it is, null takes it away. */
const settingsChangesSchema = z.strictObject({
  plan: plan.nullable(),
  uses: uses.nullable(),
  group: group.nullable(),
  quotaGroup: quotaGroup.nullable(),
  windows: windows.nullable(),
  modelLimits: modelLimits.nullable(),
  proxyUrl: proxyUrl.nullable(),
  headers: headers.nullable(),
  chatHabits: chatHabits.nullable(),
});
export type CredentialSettingsChanges = z.infer<typeof settingsChangesSchema>;

/** What an operator may change; absent leaves it as it is. */
const settingsShape = {
  label: nameSchema,
  baseUrl: z.string().trim().min(1).max(2_000).nullable(),
  models: z.array(nameSchema).min(1, 'must name at least one model; null means all').max(10_000).nullable(),
  limits: credentialLimitsSchema,
  weight: z.int().min(1).max(1_000_000),
  tags: z.array(nameSchema).max(100),
  enabled: z.boolean(),
  allowPrivateNetwork: z.boolean(),
  notes: z.string().max(10_000).nullable(),
  demo: z.boolean(),
  settings: settingsChangesSchema,
};

const secretSchema = z.record(z.string(), z.unknown());

/** Body of `POST /admin/api/credentials`. */
export const createCredentialSchema = z.strictObject({
  upstream: z.string(),
  kind: z.string(),
  secret: secretSchema,
  ...z.object(settingsShape).partial().shape,
});
export type CreateCredentialBody = z.infer<typeof createCredentialSchema>;

/** Body of `PATCH /admin/api/credentials/{id}`. */
export const updateCredentialSchema = z.strictObject({ secret: secretSchema, ...settingsShape }).partial();
export type UpdateCredentialBody = z.infer<typeof updateCredentialSchema>;

/** A body as the database can keep it: Postgres has no place for NUL, nor for halves of characters. */
export function parseCredentialBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = parseBody(schema, body);
  if (typeof parsed !== 'object' || parsed === null) return parsed;
  for (const [field, value] of Object.entries(parsed)) {
    if (UNKEEPABLE.test(JSON.stringify(value) ?? ''))
      throw invalid(field, 'holds a character that is not text (NUL or half a character)');
  }
  return parsed;
}

const UNKEEPABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** A checked credential. `baseUrl` is null where none was given; `effectiveBaseUrl` is where calls go. */
export interface CheckedCredential {
  secretJson: string;
  baseUrl: string | null;
  effectiveBaseUrl: string;
}

export interface CredentialParts {
  upstream: string;
  kind: string;
  secret: unknown;
  baseUrl: string | null;
  allowPrivateNetwork: boolean;
}

/** Checks against the upstream's manifest what no schema can: kind, secret and base URL belong together. */
export function checkCredential(parts: CredentialParts): CheckedCredential {
  const kind = findKind(parts.upstream, parts.kind);
  const secret = parseBody(kind.secret, parts.secret, 'secret');
  const baseUrl = parts.baseUrl === null ? null : normaliseBaseUrl(parts.baseUrl, kind.originPath);
  const effectiveBaseUrl = baseUrl ?? kind.defaultBaseUrl;
  if (effectiveBaseUrl === null) throw invalid('baseUrl', `must be given for kind '${parts.kind}'`);
  if (!parts.allowPrivateNetwork) refusePrivateBaseUrl(effectiveBaseUrl);
  return { secretJson: JSON.stringify(secret), baseUrl, effectiveBaseUrl };
}

function findKind(upstreamId: string, kindName: string): CredentialKind {
  const upstream = findUpstream(upstreamId);
  if (upstream === undefined) throw invalid('upstream', `must be one of ${UPSTREAMS.map(({ id }) => id).join(', ')}`);
  const kind = Object.hasOwn(upstream.kinds, kindName) ? upstream.kinds[kindName] : undefined;
  if (kind === undefined)
    throw invalid('kind', `must be one of ${Object.keys(upstream.kinds).join(', ')} for upstream '${upstreamId}'`);
  return kind;
}

function invalid(field: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `${field}: ${problem}`, { param: field });
}
