import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImportFormat, ImportedCredential, ImportedRest } from '@sluice/manifests/upstream-manifest';
import { findUpstream, UPSTREAMS } from '@sluice/manifests/upstreams';
import { z } from 'zod';
import type { ImportRow } from './read-import.js';

/** Query of `POST /admin/api/credentials/import`: what rows that do not say it themselves are. */
export const importQuerySchema = z.strictObject({
  upstream: z.string().min(1).optional(),
  kind: z.string().min(1).optional(),
  baseUrl: z.string().min(1).optional(),
  allowPrivateNetwork: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  tag: z.string().min(1).optional(),
  /** What makes a row one that is there: its secret, or its name among those of its upstream and kind. */
  match: z.enum(['secret', 'label']).optional(),
  /** What of a foreign export is taken beside its credentials; the rest is only told. */
  also: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(['apiKeys', 'settings'])))
    .optional(),
});
export type ImportQuery = z.infer<typeof importQuerySchema>;

/** What a row holds beside credentials, where it is an export of a system that is replaced. */
export function readImportedRest(row: ImportRow, { upstream }: ImportQuery): ImportedRest | undefined {
  if (row.type !== 'json' || typeof row.value !== 'object' || row.value === null) return undefined;
  const formats = UPSTREAMS.filter(({ id }) => id === (upstream ?? id)).flatMap(
    ({ importFormats = [] }) => importFormats,
  );
  for (const format of formats) {
    const rest = format.readRest?.(row.value);
    if (rest !== undefined) return rest;
  }
  return undefined;
}

/** Names of the variables that make lines of an environment an export. */
export const EXPORT_VARIABLES = UPSTREAMS.flatMap(({ importFormats = [] }) =>
  importFormats.flatMap(({ variables = [] }: ImportFormat) => variables),
);

/** The bodies of credentials that a row stands for; nearly always one. Throws a `GatewayError` that names the field. */
export function toImportBodies(row: ImportRow, query: ImportQuery): unknown[] {
  if (row.type === 'unreadable') throw invalid('row', row.problem);
  if (row.type === 'line') return [fromLine(row.text, query)];
  const { value } = row;
  if (typeof value === 'string') return [fromLine(value, query)];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('row', 'must be an object, or a key as text');
  return 'secret' in value || 'kind' in value || 'upstream' in value
    ? [withDefaults(value, query)]
    : fromForeign(value, query);
}

function fromLine(text: string, query: ImportQuery): object {
  const { upstream: id, kind: named } = query;
  if (id === undefined) throw invalid('upstream', 'must be given for plain lines: ?upstream=…&kind=…');
  const upstream = findUpstream(id);
  if (upstream === undefined) throw invalid('upstream', `must be one of ${UPSTREAMS.map((one) => one.id).join(', ')}`);
  const kinds = Object.entries(upstream.kinds).filter(
    ([name, { lineField }]) => lineField !== undefined && (named ?? name) === name,
  );
  // An upstream's first kind is the usual one.
  const [kind] = kinds;
  if (kind === undefined) throw invalid('kind', `'${named ?? ''}' of upstream '${id}' cannot be given as plain lines`);
  const [name, { lineField = '' }] = kind;
  return withDefaults({ kind: name, secret: { [lineField]: text.trim() } }, query);
}

function fromForeign(value: object, query: ImportQuery): unknown[] {
  const upstreams = query.upstream === undefined ? UPSTREAMS : UPSTREAMS.filter(({ id }) => id === query.upstream);
  for (const { id, importFormats = [] } of upstreams) {
    const found = firstReading(importFormats, value);
    if (found !== undefined) return found.map((one) => withDefaults(one, { ...query, upstream: id }));
  }
  throw invalid(
    'row',
    `is neither a credential ({"upstream","kind","secret",…}) nor a known export format: ${formatNames()}`,
  );
}

function firstReading(formats: readonly ImportFormat[], value: object): readonly ImportedCredential[] | undefined {
  for (const { schema } of formats) {
    const reading = schema.safeParse(value);
    if (reading.success) return reading.data;
  }
  return undefined;
}

function withDefaults(body: object, { tag, ...query }: ImportQuery): object {
  const given = Object.entries({ ...query, also: undefined, match: undefined });
  const defaults = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  const own = 'tags' in body && Array.isArray(body.tags) ? (body.tags as unknown[]) : [];
  return { ...defaults, ...body, ...(tag !== undefined && { tags: [...new Set([...own, tag])] }) };
}

function formatNames(): string {
  return UPSTREAMS.flatMap(({ id, importFormats = [] }) => importFormats.map(({ name }) => `${id} ${name}`)).join(', ');
}

function invalid(field: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `${field}: ${problem}`, { param: field });
}
