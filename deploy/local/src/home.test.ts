import { expect, test } from 'vitest';
import { describeLackOfSpace } from './home.js';

test('a full disk is told with what is free, where, and what to do', () => {
  const message = describeLackOfSpace({ path: '/srv/data', freeBytes: 3.5 * 1024 * 1024 });
  expect(message).toMatch(/^The disk is full: 3 MB are free at \/srv\/data[^]*SLUICE_HOME/);
  expect(describeLackOfSpace({ path: '/srv/data', freeBytes: 2 ** 30 })).toBeUndefined();
});
