import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import { UPSTREAMS } from '@sluice/manifests/upstreams';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import { z } from 'zod';
import { careFor } from './account-care.js';
import { poolSettingsSchema } from './credential-settings.js';
import { listPoolSettings } from './pool-statements.js';

const changesSchema = z.strictObject(poolSettingsSchema.shape).partial();

const careSchema = z.object({ quotaReserve: z.int(), errorLimit: z.int().nullable(), refreshAheadMs: z.int() });
export const poolSettingsViewSchema = z.object({
  upstream: z.string(),
  /** What an operator has said. */
  settings: z.record(z.string(), z.unknown()),
  strategy: z.string(),
  stickyMs: z.int(),
  disableAfterErrors: z.boolean(),
  disableWhenRefused: z.boolean(),
  /** What holds for each of its kinds. */
  kinds: z.record(z.string(), careSchema),
});
export type PoolSettingsView = z.infer<typeof poolSettingsViewSchema>;
export const poolSettingsListSchema = z.object({ upstreams: z.array(poolSettingsViewSchema) });

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });
const putPoolSettings = defineStatement<object, [upstream: string, valueJson: string]>(sql('put-pool-settings'));
const deletePoolSettings = defineStatement<object, [upstream: string]>(sql('delete-pool-settings'));

/** How the accounts of each upstream are chosen and treated: read by every worker, changed while everything runs. */
export class PoolSettingsAdmin {
  constructor(private readonly postgres: Queryable) {}

  async list(): Promise<PoolSettingsView[]> {
    const said = await this.read();
    return UPSTREAMS.map(({ id }) => toView(id, said.get(id) ?? {}));
  }

  async get(upstream: string): Promise<PoolSettingsView> {
    return toView(upstream, await this.saidOf(upstream));
  }

  /** What the body leaves out stays; null takes away what an operator said, but for `errorLimit`, where it is a value. */
  async update(upstream: string, body: unknown): Promise<PoolSettingsView> {
    const said = await this.saidOf(upstream);
    const { given, removed } = withoutNulls(body);
    // A default that the schema fills in is not what the operator said.
    const changes = Object.entries(parseBody(changesSchema, given)).filter(([name]) => name in given);
    const next: Record<string, unknown> = { ...said, ...Object.fromEntries(changes) };
    for (const name of removed) delete next[name];
    await putPoolSettings.run(this.postgres, upstream, JSON.stringify(next));
    return toView(upstream, next);
  }

  async reset(upstream: string): Promise<PoolSettingsView> {
    await this.saidOf(upstream);
    await deletePoolSettings.run(this.postgres, upstream);
    return toView(upstream, {});
  }

  private async saidOf(upstream: string): Promise<Record<string, unknown>> {
    if (!UPSTREAMS.some(({ id }) => id === upstream))
      throw new GatewayError('not_found', `There is no upstream '${upstream}'.`, { param: 'upstream' });
    return (await this.read()).get(upstream) ?? {};
  }

  private async read(): Promise<ReadonlyMap<string, Record<string, unknown>>> {
    const rows = await listPoolSettings.all(this.postgres);
    return new Map(rows.map(({ upstream, value }) => [upstream, z.record(z.string(), z.unknown()).parse(value)]));
  }
}

function withoutNulls(body: unknown): { given: Record<string, unknown>; removed: string[] } {
  const entries = Object.entries(parseBody(z.record(z.string(), z.unknown()), body));
  const isRemoved = ([name, value]: [string, unknown]) => value === null && name !== 'errorLimit';
  return {
    given: Object.fromEntries(entries.filter((entry) => !isRemoved(entry))),
    removed: entries.filter(isRemoved).map(([name]) => name),
  };
}

function toView(upstream: string, said: Record<string, unknown>): PoolSettingsView {
  const parsed = poolSettingsSchema.safeParse(said);
  const settings = parsed.success ? parsed.data : poolSettingsSchema.parse({});
  const { strategy, stickyMs, disableAfterErrors, disableWhenRefused } = settings;
  const kinds = UPSTREAMS.find(({ id }) => id === upstream)?.kinds ?? {};
  return {
    upstream,
    settings: said,
    strategy,
    stickyMs,
    disableAfterErrors,
    disableWhenRefused,
    kinds: Object.fromEntries(Object.keys(kinds).map((kind) => [kind, careFor({ upstream, kind }, settings)])),
  };
}
