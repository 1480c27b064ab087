import { systemClock, type Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Listener } from '@sluice/platform-postgres/listener';
import { watchChanges } from '@sluice/platform-postgres/watch-changes';
import { z } from 'zod';
import {
  isSettingName,
  SETTING_NAMES,
  SETTINGS,
  type SettingDefinition,
  type SettingName,
  type SettingValue,
} from './setting-catalogue.js';
import type { SettingRepository } from './setting-repository.js';
import { putSettingSchema, type SettingView } from './setting-view.js';

export interface SettingsOptions {
  repository: Pick<SettingRepository, 'list' | 'put' | 'delete'>;
  listener: Listener;
  logger: Logger;
  clock?: Clock;
}

interface Held {
  value: unknown;
  updatedAt: Date | null;
}

const RETRY_MS = 1_000;

/** What operators set, from memory. Kept up with the database, on every replica. */
export class Settings {
  private readonly clock: Clock;
  private readonly watchers = new Set<() => void>();
  private held: ReadonlyMap<SettingName, Held> = initialValues();
  private stopWatching = () => {};
  private isStale = false;
  private isClosed = false;
  private refreshing: Promise<void> | undefined;

  constructor(private readonly options: SettingsOptions) {
    this.clock = options.clock ?? systemClock;
  }

  /** Resolves when everything has been read once. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.stopWatching = watchChanges(this.options.listener, {
        table: 'setting',
        onChange: (name) => void (isSettingName(name) && this.refresh()),
        onGap: () => void this.refresh().then(resolve),
      });
    });
  }

  get<Name extends SettingName>(name: Name): SettingValue<Name> {
    return (this.held.get(name)?.value ?? SETTINGS[name].initial) as SettingValue<Name>;
  }

  /** Calls back now and after every change. Returns how to end it. */
  watch(callback: () => void): () => void {
    this.watchers.add(callback);
    callback();
    return () => void this.watchers.delete(callback);
  }

  list(): SettingView[] {
    return SETTING_NAMES.map((name) => this.view(name));
  }

  /** `body` is `{ value }`. Throws `not_found` or `invalid_request`. */
  async put(name: string, body: unknown): Promise<SettingView> {
    const known = requireName(name);
    parseBody(putSettingSchema, body);
    const { schema, restore }: SettingDefinition = SETTINGS[known];
    const { value } = parseBody(z.object({ value: schema }), body);
    await this.options.repository.put(known, restore ? restore(value, this.get(known)) : value);
    await this.refresh();
    return this.view(known);
  }

  /** Back to what holds where the operator said nothing. */
  async reset(name: string): Promise<SettingView> {
    const known = requireName(name);
    await this.options.repository.delete(known);
    await this.refresh();
    return this.view(known);
  }

  view(name: string): SettingView {
    const known = requireName(name);
    const { summary, initial, show }: SettingDefinition = SETTINGS[known];
    const value = this.get(known);
    const updatedAt = this.held.get(known)?.updatedAt?.toISOString() ?? null;
    return { name: known, summary, value: show ? show(value) : value, initial, updatedAt };
  }

  close(): void {
    this.isClosed = true;
    this.stopWatching();
  }

  private refresh(): Promise<void> {
    this.isStale = true;
    this.refreshing ??= this.readWhileStale();
    return this.refreshing;
  }

  private async readWhileStale(): Promise<void> {
    while (this.isStale && !this.isClosed) {
      this.isStale = false;
      try {
        await this.read();
      } catch (error) {
        this.isStale = true;
        this.options.logger.warn({ err: error }, 'settings could not be read; trying again');
        await new Promise<void>((resolve) => void this.clock.after(RETRY_MS, resolve));
      }
    }
    // At once after the last look at `isStale`: a change that comes now begins a new read.
    this.refreshing = undefined;
  }

  private async read(): Promise<void> {
    const held = initialValues();
    for (const { name, value, updatedAt } of await this.options.repository.list(SETTING_NAMES)) {
      if (!isSettingName(name)) continue;
      const parsed = SETTINGS[name].schema.safeParse(value);
      if (parsed.success) held.set(name, { value: parsed.data, updatedAt });
      else this.options.logger.warn({ setting: name }, 'a stored setting is not valid; its initial value is used');
    }
    this.held = held;
    for (const watcher of this.watchers) watcher();
  }
}

function initialValues(): Map<SettingName, Held> {
  return new Map(SETTING_NAMES.map((name) => [name, { value: SETTINGS[name].initial, updatedAt: null }]));
}

function requireName(name: string): SettingName {
  if (isSettingName(name)) return name;
  throw new GatewayError('not_found', `There is no setting '${name}'.`, { param: 'name' });
}
