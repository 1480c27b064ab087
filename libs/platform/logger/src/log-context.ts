import { AsyncLocalStorage } from 'node:async_hooks';

/** Ids that every line written on behalf of a request or generation carries. */
export interface LogContext {
  requestId?: string | undefined;
  generationId?: string | undefined;
}

const storage = new AsyncLocalStorage<LogContext>();

/** From this version on, following a context through promises costs nothing. */
const FREE_SINCE_NODE = 24;
let isFollowed = Number.parseInt(process.versions.node, 10) >= FREE_SINCE_NODE;

/**
 * Older Nodes call back for every promise, which is an eighth of a worker's time per request: there, contexts are followed
 * only when this was called, as verbose loggers do. Lines about failures name their ids themselves.
 */
export function followLogContext(): void {
  isFollowed = true;
}

/** Everything that `callback` starts logs with these ids, and with those of the context around it. */
export function runWithLogContext<Result>(context: LogContext, callback: () => Result): Result {
  if (!isFollowed) return callback();
  const outer = storage.getStore();
  return storage.run(outer ? { ...outer, ...context } : context, callback);
}

/** The ids in force; undefined outside of any request. */
export function logContext(): LogContext | undefined {
  return storage.getStore();
}
