import { expect, test } from 'vitest';
import { formatLogRecord } from './format-log-record.js';
import { readLogRecord } from './log-record.js';

const nowMs = new Date(2026, 10, 21, 9, 5, 3, 7).getTime();

function read(line: string, source: 'stdout' | 'stderr' = 'stdout') {
  return readLogRecord({ line, source, nowMs });
}

function format(line: string) {
  return formatLogRecord({ service: 'gateway', record: read(line), hasColors: false });
}

test('shows a JSON line with its fields and without what every line has', () => {
  const line = JSON.stringify({
    level: 40,
    time: nowMs,
    pid: 7,
    hostname: 'h',
    service: 'gateway',
    msg: 'slow answer',
    requestId: 'r-1',
    tookMs: 12,
  });
  expect(format(line)).toBe('09:05:03.007 gateway        warn  slow answer requestId=r-1 tookMs=12');
});

test('shows the message of an error, not its stack', () => {
  const line = JSON.stringify({
    level: 50,
    time: nowMs,
    msg: 'failed',
    err: { type: 'Error', message: 'no route', stack: 'Error: no route\n at x' },
  });
  expect(format(line)).toBe('09:05:03.007 gateway        error failed err=no route');
});

test('takes anything else as it is; what a process complains of is a warning', () => {
  expect(read('{not json')).toMatchObject({ level: 'info', message: '{not json' });
  expect(read('Segmentation fault', 'stderr')).toMatchObject({ level: 'warn', message: 'Segmentation fault' });
});

test.each([
  ['LOG:  database system is ready to accept connections', 'debug'],
  ['ERROR:  duplicate key value', 'warn'],
  ['FATAL:  the database system is starting up', 'debug'],
  ['FATAL:  could not open file', 'error'],
  ['PANIC:  could not write to file: No space left on device', 'fatal'],
  ['12:M 21 Nov 2026 09:05:03.007 * Ready to accept connections', 'debug'],
  ['12:C 21 Nov 2026 09:05:03.007 # WARNING Memory overcommit must be enabled!', 'debug'],
  ['12:M 21 Nov 2026 09:05:03.007 # MISCONF Errors writing to the AOF file: No space left on device', 'warn'],
])('knows how weighty a line of a store is: %s', (line, level) => {
  expect(read(line, 'stderr').level).toBe(level);
});
