import { AsyncLocalStorage } from 'node:async_hooks';

/** Ids that every line written on behalf of a request or generation carries. */
export interface LogContext {
  requestId?: string | undefined;
  generationId?: string | undefined;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Everything that `callback` starts logs with these ids, and with those of the context around it. */
export function runWithLogContext<Result>(context: LogContext, callback: () => Result): Result {
  const outer = storage.getStore();
  return storage.run(outer ? { ...outer, ...context } : context, callback);
}

/** The ids in force; undefined outside of any request. */
export function logContext(): LogContext | undefined {
  return storage.getStore();
}
