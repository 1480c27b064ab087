import { expect, it } from 'vitest';
import { FileInspector, type InspectedLine } from './file-inspector.js';

function inspector() {
  const kept: InspectedLine[] = [];
  const made = new FileInspector({
    readLine(text) {
      const [customId = '', model] = text.split(' ');
      return customId === 'bad' ? { problem: { code: 'bad', message: 'Bad.' } } : { customId, model };
    },
    keep: async (lines) => void kept.push(...lines),
  });
  return { made, kept };
}

it('keeps the good lines with their places', async () => {
  const { made, kept } = inspector();
  await made.take(Buffer.from('a m\nb'));
  await made.take(Buffer.from(' m\n'));
  await made.end();
  expect(kept).toEqual([
    { number: 1, customId: 'a', position: 0, length: 3 },
    { number: 2, customId: 'b', position: 4, length: 3 },
  ]);
  expect(made).toMatchObject({ total: 2, model: 'm', problems: [] });
});

it('names every line that is wrong', async () => {
  const { made, kept } = inspector();
  await made.take(Buffer.from('a m\nbad\na m\nc other\n'));
  await made.end();
  expect(made.problems.map(({ line, code }) => [line, code])).toEqual([
    [2, 'bad'],
    [3, 'duplicate_custom_id'],
    [4, 'mismatched_model'],
  ]);
  expect(kept).toEqual([]);
});

it('refuses an empty file, and more lines than a batch has', async () => {
  const empty = inspector().made;
  await empty.end();
  expect(empty.problems).toMatchObject([{ code: 'empty_file' }]);
  const long = inspector().made;
  for (let number = 0; number < 50_001; number += 1) await long.take(Buffer.from(`${number} m\n`));
  expect(long.problems).toMatchObject([{ code: 'too_many_tasks', line: 50_001 }]);
  expect(long.isFull).toBe(true);
});

it('looks through 200 MB and holds next to nothing of them', async () => {
  const { made } = inspector();
  const rest = Buffer.alloc(4_000, 'x');
  rest[rest.length - 1] = 0x0a;
  rest[0] = 0x20;
  const before = process.memoryUsage();
  let most = 0;
  for (let number = 0; number < 50_000; number += 1) {
    await made.take(Buffer.concat([Buffer.from(String(number)), rest]));
    if (number % 1_000 === 0) {
      const now = process.memoryUsage();
      most = Math.max(most, now.heapUsed + now.external - before.heapUsed - before.external);
    }
  }
  await made.end();
  expect(made).toMatchObject({ total: 50_000, problems: [] });
  expect(most).toBeLessThan(120 * 1024 * 1024);
});
