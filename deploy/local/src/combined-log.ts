import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { LOG_LEVELS } from '@sluice/platform-config/core-environment';
import type { LogLevel } from '@sluice/platform-config/core-environment';
import { CappedFile } from './capped-file.js';
import { formatLogRecord } from './format-log-record.js';
import { readLogRecord } from './log-record.js';

/** Twice this is kept per process. */
const FILE_CAP_BYTES = 16 * 1024 * 1024;
const KEPT_LINES = 12;

export interface CombinedLog {
  /** A line that a process printed. */
  line(service: string, line: string, source: 'stdout' | 'stderr'): void;
  /** The launcher's own words. */
  say(level: LogLevel, message: string): void;
  /** What a process printed last, for the message that says why it does not start. */
  lastLines(service: string): readonly string[];
  close(): Promise<void>;
}

/** Readable lines of all processes on one output; as they were printed in a capped file each. */
export function createCombinedLog(options: {
  directory: string;
  output: Writable & { isTTY?: boolean };
  level: LogLevel;
}): CombinedLog {
  const files = new Map<string, CappedFile>();
  const lastLines = new Map<string, string[]>();
  const hasColors = options.output.isTTY === true;
  const lowest = LOG_LEVELS.indexOf(options.level);
  const fileOf = (service: string): CappedFile => {
    const file = files.get(service) ?? new CappedFile(join(options.directory, `${service}.log`), FILE_CAP_BYTES);
    files.set(service, file);
    return file;
  };
  const print = (service: string, record: ReturnType<typeof readLogRecord>): void => {
    if (LOG_LEVELS.indexOf(record.level) < lowest) return;
    options.output.write(`${formatLogRecord({ service, record, hasColors })}\n`);
  };
  return {
    line(service, line, source) {
      const record = readLogRecord({ line, source, nowMs: Date.now() });
      fileOf(service).writeLine(line);
      lastLines.set(service, [...(lastLines.get(service) ?? []), line].slice(-KEPT_LINES));
      print(service, record);
    },
    say(level, message) {
      const record = { timeMs: Date.now(), level, message, fields: {} };
      fileOf('launcher').writeLine(JSON.stringify({ level, time: record.timeMs, msg: message }));
      print('launcher', record);
    },
    lastLines: (service) => lastLines.get(service) ?? [],
    close: async () => void (await Promise.all([...files.values()].map((file) => file.close()))),
  };
}
