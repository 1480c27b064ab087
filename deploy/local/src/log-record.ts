import { LOG_LEVELS } from '@sluice/platform-config/core-environment';
import type { LogLevel } from '@sluice/platform-config/core-environment';

/** One line of any process, whatever it was printed as. */
export interface LogRecord {
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Services print JSON lines; Redis and Postgres have forms of their own; anything else is taken as it is. */
export function readLogRecord({
  line,
  source,
  nowMs,
}: {
  line: string;
  source: 'stdout' | 'stderr';
  nowMs: number;
}): LogRecord {
  return (
    readJsonLine(line, nowMs) ??
    readPostgresLine(line, nowMs) ??
    readRedisLine(line, nowMs) ?? {
      timeMs: nowMs,
      level: source === 'stderr' ? 'warn' : 'info',
      message: line,
      fields: {},
    }
  );
}

/** Said once by every process, so not worth the reader's eye. */
const COMMON_FIELDS = new Set(['level', 'time', 'pid', 'hostname', 'service', 'name', 'msg', 'v']);

function readJsonLine(line: string, nowMs: number): LogRecord | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const record = JSON.parse(line) as Record<string, unknown>;
    return {
      timeMs: readTime(record['time']) ?? nowMs,
      level: readLevel(record['level']),
      message: typeof record['msg'] === 'string' ? record['msg'] : '',
      fields: Object.fromEntries(Object.entries(record).filter(([key]) => !COMMON_FIELDS.has(key))),
    };
  } catch {
    return undefined;
  }
}

function readTime(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

function readLevel(value: unknown): LogLevel {
  if (typeof value === 'number') return LOG_LEVELS[Math.min(5, Math.max(0, Math.ceil(value / 10) - 1))] ?? 'info';
  return LOG_LEVELS.find((level) => level === value) ?? 'info';
}

const POSTGRES_LEVELS: Readonly<Record<string, LogLevel>> = {
  LOG: 'debug',
  NOTICE: 'debug',
  INFO: 'debug',
  HINT: 'debug',
  DETAIL: 'debug',
  STATEMENT: 'debug',
  CONTEXT: 'debug',
  WARNING: 'warn',
  ERROR: 'warn',
  FATAL: 'error',
  PANIC: 'fatal',
};

function readPostgresLine(line: string, nowMs: number): LogRecord | undefined {
  const match = /^([A-Z]+): {2}(.*)$/.exec(line);
  const level = POSTGRES_LEVELS[match?.[1] ?? ''];
  const message = match?.[2] ?? '';
  // What it answers to clients that come while it starts or stops; they come again.
  const isRoutine = /^the database system is |^terminating connection due to administrator command/.test(message);
  return level === undefined ? undefined : { timeMs: nowMs, level: isRoutine ? 'debug' : level, message, fields: {} };
}

function readRedisLine(line: string, nowMs: number): LogRecord | undefined {
  const match = /^\d+:[XCSM] \d+ \w+ \d+ [\d:.]+ ([.\-*#]) (.*)$/.exec(line);
  if (match === null) return undefined;
  const message = match[2] ?? '';
  // Advice about the machine that is given at every start, and the words of a start and a stop that we made.
  const isRoutine =
    match[1] !== '#' ||
    /overcommit|is starting|just started|nitialized|Configuration loaded|ready to exit|requested shutdown/.test(
      message,
    );
  return { timeMs: nowMs, level: isRoutine ? 'debug' : 'warn', message, fields: {} };
}
