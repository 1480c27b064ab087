import type { LogLevel } from '@sluice/platform-config/core-environment';
import type { LogRecord } from './log-record.js';

const COLORS: Readonly<Record<LogLevel, string>> = {
  trace: '\u001B[2m',
  debug: '\u001B[2m',
  info: '\u001B[36m',
  warn: '\u001B[33m',
  error: '\u001B[31m',
  fatal: '\u001B[31;1m',
  silent: '',
};
const RESET = '\u001B[0m';
const LONGEST_FIELD_CHARACTERS = 300;

/** `12:30:01.123 gateway        info  listening port=8080` */
export function formatLogRecord({
  service,
  record,
  hasColors,
}: {
  service: string;
  record: LogRecord;
  hasColors: boolean;
}): string {
  const level = record.level.padEnd(5);
  const parts = [
    formatTime(record.timeMs),
    service.padEnd(14),
    hasColors ? `${COLORS[record.level]}${level}${RESET}` : level,
    record.message,
    ...Object.entries(record.fields).map(([key, value]) => `${key}=${formatField(value)}`),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function formatTime(timeMs: number): string {
  const date = new Date(timeMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function formatField(value: unknown): string {
  const text = isSerializedError(value) ? value.message : typeof value === 'string' ? value : JSON.stringify(value);
  const short = text.length > LONGEST_FIELD_CHARACTERS ? `${text.slice(0, LONGEST_FIELD_CHARACTERS)}…` : text;
  return /[\s"]/.test(short) && typeof value !== 'object' ? JSON.stringify(short) : short;
}

/** The stack is in the raw file; here the message is enough. */
function isSerializedError(value: unknown): value is { message: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    'stack' in value &&
    typeof value.message === 'string'
  );
}
