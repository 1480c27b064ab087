import type { PartRecord } from '@sluice/contracts/part';
import type { Redis } from '@sluice/platform-redis/redis';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { describe, expect, it } from 'vitest';
import { DurableReader } from './durable-reader.js';
import { liveNames } from './live-channel.js';

function createReader(log: { read(): Promise<PartRecord[]>; ends(): Promise<never> }) {
  const channels = new Set<string>();
  const subscriber = {
    subscribe: async (channel: string) => void channels.add(channel),
    unsubscribe: async (channel: string) => void channels.delete(channel),
  } as unknown as Redis;
  const onError = () => {};
  const reader = new DurableReader({ log, subscriber, names: liveNames('test'), clock: createFakeClock(), onError });
  return { reader, channels };
}

describe('a tail that cannot be opened', () => {
  const down = () => Promise.reject<never>(new Error('down'));

  it.each([
    ['when its log cannot be read', { read: down, ends: down }],
    ['when the end of its log cannot be read', { read: async () => [], ends: down }],
  ])('is watched no longer, %s', async (_when, log) => {
    const { reader, channels } = createReader(log);
    await expect(reader.open('gen', 0)).rejects.toThrow('down');
    expect(reader.size).toBe(0);
    expect(channels.size).toBe(0);
  });
});
