import { createLogger } from '@sluice/platform-logger/logger';
import { expect, test } from 'vitest';
import { followLogLevel } from './follow-log-level.js';

test('a level that is set holds at once, and the first one again when it is taken back', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ service: 'test', level: 'warn', destination });
  let level: string | null = null;
  let changed = () => {};
  const settings = {
    get: () => level as never,
    watch(callback: () => void) {
      changed = callback;
      callback();
      return () => {};
    },
  };
  followLogLevel(settings, logger);
  for (const [next, word] of [
    ['debug', 'one'],
    [null, 'two'],
    ['error', 'three'],
  ] as const) {
    level = next;
    changed();
    logger.debug(word);
    logger.warn(`${word} warned`);
  }
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['one', 'one warned', 'two warned']);
});
