import type { Redis } from '@sluice/platform-redis/redis';
import { expect, it } from 'vitest';
import { liveNames } from './live-channel.js';
import { LiveWriter } from './live-writer.js';

function setUp() {
  const sent: string[] = [];
  const append = async ([, , , sequence, parts]: unknown[]) => {
    sent.push(`${String(sequence)} ${String(parts)}`);
    return 1;
  };
  const redis = {
    evalsha: (...args: unknown[]) => append(args),
    sendCommand: ({ args }: { args: unknown[] }) => append(args),
  };
  const writer = new LiveWriter({
    redis: redis as unknown as Redis,
    names: liveNames('test'),
    generationId: 'gen',
    replyTo: 'gateway',
    lastSequence: 0,
  });
  return { sent, writer };
}

const FIRST = { type: 'text-delta', choice: 0, text: 'a' } as const;
const SECOND = { type: 'text-delta', choice: 0, text: 'b' } as const;

it.each(Array.from({ length: 20 }, (_, turns) => turns))(
  'sends what comes %i turns after the part before, however far that one has got',
  async (turns) => {
    const { sent, writer } = setUp();
    writer.append(FIRST);
    const flushed = writer.flush();
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    writer.append(SECOND);
    await writer.flush();
    expect(sent).toEqual([`1 [${JSON.stringify(FIRST)}]`, `2 [${JSON.stringify(SECOND)}]`]);
    await flushed;
  },
);

it('sends nothing where nothing waits', async () => {
  const { sent, writer } = setUp();
  await writer.flush();
  writer.append(FIRST);
  await Promise.all([writer.flush(), writer.flush()]);
  await writer.flush();
  expect(sent).toHaveLength(1);
});
