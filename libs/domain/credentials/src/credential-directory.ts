import { systemClock, type Clock } from '@sluice/contracts/clock';
import type { Flag } from '@sluice/platform-config/flag';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Listener } from '@sluice/platform-postgres/listener';
import { watchChanges } from '@sluice/platform-postgres/watch-changes';
import type { CredentialRepository } from './credential-repository.js';
import { poolSettingsSchema, type PoolSettings } from './credential-settings.js';
import { windowOwner } from './lease-rule.js';
import { toPooledCredential, type PooledCredential } from './pooled-credential.js';
import type { StoredCredential } from './stored-credential.js';
import { UpstreamPool } from './upstream-pool.js';

const PAGE_SIZE = 5_000;
const RETRY_MS = 1_000;

export interface CredentialDirectoryOptions {
  repository: Pick<CredentialRepository, 'findMany' | 'list'>;
  listener: Listener;
  /** The settings `pool:<upstream>`, by upstream. */
  readSettings(): Promise<ReadonlyMap<string, unknown>>;
  demo: Flag;
  logger: Logger;
  clock?: Clock;
}

/** Every credential in this process's memory, kept up with the database. */
export class CredentialDirectory {
  private readonly pools = new Map<string, UpstreamPool>();
  private readonly upstreamOf = new Map<string, string>();
  /** Who shares windows and quotas. */
  private readonly groups = new Map<string, Set<string>>();
  private settings: ReadonlyMap<string, unknown> = new Map();
  private stopWatchingSettings: (() => void) | undefined;
  private readonly changed = new Set<string>();
  private isAllStale = false;
  private refreshing: Promise<void> | undefined;
  private stopWatching: (() => void) | undefined;
  private closed = false;

  constructor(private readonly options: CredentialDirectoryOptions) {}

  /** Resolves when all credentials have been read once. */
  async start(): Promise<void> {
    await Promise.all([this.watchCredentials(), this.watchSettings()]);
  }

  private watchSettings(): Promise<void> {
    return new Promise((resolve) => {
      const read = () => void this.readSettings().then(resolve);
      this.stopWatchingSettings = watchChanges(this.options.listener, {
        table: 'setting',
        onChange: (name) => name.startsWith('pool:') && read(),
        onGap: read,
      });
    });
  }

  private async readSettings(): Promise<void> {
    try {
      this.settings = await this.options.readSettings();
      for (const [id, pool] of this.pools) pool.configure(this.settingsOf(id));
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the settings of the pool could not be read; they stay as they are');
    }
  }

  /** A setting that is nonsense is told, and the defaults serve. */
  private settingsOf(upstream: string): PoolSettings {
    const parsed = poolSettingsSchema.safeParse(this.settings.get(upstream) ?? {});
    if (parsed.success) return parsed.data;
    this.options.logger.warn(
      { upstream, problem: parsed.error.message },
      "the setting 'pool' of an upstream is not usable",
    );
    return poolSettingsSchema.parse({});
  }

  private watchCredentials(): Promise<void> {
    return new Promise((resolve) => {
      this.stopWatching = watchChanges(this.options.listener, {
        table: 'credential',
        onChange: (id) => {
          this.changed.add(id);
          void this.refresh();
        },
        onGap: () => {
          this.isAllStale = true;
          void this.refresh().then(resolve);
        },
      });
    });
  }

  /** Of an upstream without credentials it is empty. */
  upstream(id: string): UpstreamPool {
    const existing = this.pools.get(id);
    if (existing !== undefined) return existing;
    const pool = new UpstreamPool(this.options.demo);
    pool.configure(this.settingsOf(id));
    this.pools.set(id, pool);
    return pool;
  }

  get(credentialId: string): PooledCredential | undefined {
    const upstream = this.upstreamOf.get(credentialId);
    return upstream === undefined ? undefined : this.upstream(upstream).get(credentialId);
  }

  /** The credentials whose windows an owner's are: itself, or those of its quota group. */
  membersOf(owner: string): Iterable<string> {
    return this.groups.get(owner) ?? [owner];
  }

  /** For all who share the quota. At once in this process; the others are stopped by Redis, and learn it from there. */
  restModel(row: StoredCredential, model: string, untilMs: number): void {
    const members = [...this.membersOf(windowOwner(row))].flatMap((id) => this.get(id) ?? []);
    this.upstream(row.upstream).restModel(members, model, untilMs);
  }

  close(): void {
    this.closed = true;
    this.stopWatching?.();
    this.stopWatchingSettings?.();
  }

  /** One refresh at a time; changes that come meanwhile are read by the same one. */
  private refresh(): Promise<void> {
    this.refreshing ??= this.readChanges();
    return this.refreshing;
  }

  private async readChanges(): Promise<void> {
    while (!this.closed && (this.isAllStale || this.changed.size > 0)) {
      const ids = [...this.changed].slice(0, PAGE_SIZE);
      const wasAllStale = this.isAllStale;
      this.isAllStale = false;
      for (const id of ids) this.changed.delete(id);
      try {
        await (wasAllStale ? this.readAll() : this.readSome(ids));
      } catch (error) {
        this.isAllStale ||= wasAllStale;
        for (const id of ids) this.changed.add(id);
        this.options.logger.warn({ err: error }, 'credentials could not be read; trying again');
        await new Promise<void>((resolve) => void (this.options.clock ?? systemClock).after(RETRY_MS, resolve));
      }
    }
    // At once after the last look: a change that comes now begins a new refresh.
    this.refreshing = undefined;
  }

  private async readAll(): Promise<void> {
    const gone = new Set(this.upstreamOf.keys());
    let after: StoredCredential | undefined;
    do {
      const page: StoredCredential[] = await this.options.repository.list({
        limit: PAGE_SIZE,
        ...(after && { after }),
      });
      for (const row of page) {
        gone.delete(row.id);
        this.put(row);
      }
      after = page.length < PAGE_SIZE ? undefined : page.at(-1);
    } while (after !== undefined);
    for (const id of gone) this.remove(id);
  }

  private async readSome(ids: readonly string[]): Promise<void> {
    const gone = new Set(ids);
    for (const row of await this.options.repository.findMany(ids)) {
      gone.delete(row.id);
      this.put(row);
    }
    for (const id of gone) this.remove(id);
  }

  private put(row: StoredCredential): void {
    this.leaveGroup(row.id);
    const owner = windowOwner(row);
    if (owner !== row.id) this.groups.set(owner, (this.groups.get(owner) ?? new Set()).add(row.id));
    this.upstreamOf.set(row.id, row.upstream);
    this.upstream(row.upstream).put(toPooledCredential(row));
  }

  private remove(id: string): void {
    const upstream = this.upstreamOf.get(id);
    if (upstream === undefined) return;
    this.leaveGroup(id);
    this.upstreamOf.delete(id);
    this.upstream(upstream).remove(id);
  }

  private leaveGroup(id: string): void {
    const row = this.get(id)?.row;
    const owner = row === undefined ? id : windowOwner(row);
    const group = this.groups.get(owner);
    if (group?.delete(id) && group.size === 0) this.groups.delete(owner);
  }
}
