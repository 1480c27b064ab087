import { z } from 'zod';
import type { Listener } from './listener.js';

/** The tables that tell of their changes by trigger. */
export const watchedTableSchema = z.enum(['credential', 'api_key', 'route', 'setting']);
export type WatchedTable = z.infer<typeof watchedTableSchema>;

const changeSchema = z.object({ table: z.string(), id: z.string() });

export interface ChangeWatcher {
  readonly table: WatchedTable;
  /** A row was added, changed or removed: `id` is its key (of a route the model, of a setting the name). */
  onChange(id: string): void;
  /** Changes may have been missed: read the whole table. Called once at the beginning, too. */
  onGap(): void;
}

/** Calls back after each committed change of one table, on every replica. Returns how to end it. */
export function watchChanges(listener: Listener, watcher: ChangeWatcher): () => void {
  return listener.subscribe({
    channel: 'sluice_changed',
    onNotification(payload) {
      const change = parseChange(payload);
      if (!change) watcher.onGap();
      else if (change.table === watcher.table) watcher.onChange(change.id);
    },
    onGap: () => watcher.onGap(),
  });
}

/** Undefined for what a release that is not this one may send: nobody knows what changed. */
function parseChange(payload: string): z.infer<typeof changeSchema> | undefined {
  try {
    return changeSchema.parse(JSON.parse(payload));
  } catch {
    return undefined;
  }
}
