import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listenForStop } from './stop-request.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('one Ctrl-C that arrives twice is one; a later one means at once', () => {
  const source = new EventEmitter();
  const stop = listenForStop(source);
  source.emit('SIGINT');
  source.emit('SIGINT');
  expect([stop.signal.aborted, stop.atOnce.aborted]).toEqual([true, false]);
  vi.advanceTimersByTime(2_001);
  source.emit('SIGINT');
  expect(stop.atOnce.aborted).toBe(true);
});
