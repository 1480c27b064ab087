import { createFakeClock } from '@sluice/testing/fake-clock';
import { expect, test } from 'vitest';
import { HeadStart } from './head-start.js';

function started() {
  const clock = createFakeClock();
  const headStart = new HeadStart(clock);
  headStart.begin();
  return { clock, headStart };
}

/** Which of them is over, in the order in which they ended. */
function endsOf(waits: Record<string, Promise<void>>): string[] {
  const ended: string[] = [];
  for (const [name, wait] of Object.entries(waits)) void wait.then(() => ended.push(name));
  return ended;
}

test('where nobody has one nobody is held', async () => {
  const headStart = new HeadStart(createFakeClock());
  await headStart.over();
  headStart.begin();
  headStart.end();
  await headStart.over();
});

test('all who are held go on when the job has ended', async () => {
  const { clock, headStart } = started();
  const ended = endsOf({ first: headStart.over(), second: headStart.over() });
  await clock.advance(1);
  expect(ended).toEqual([]);

  headStart.end();
  await clock.advance(0);
  expect(ended).toEqual(['first', 'second']);
  expect(clock.pendingCount()).toBe(0);
});

test('a job that lasts keeps nobody for longer than a moment', async () => {
  const { clock, headStart } = started();
  const ended = endsOf({ one: headStart.over() });
  await clock.advance(2);
  expect(ended).toEqual(['one']);
  await headStart.over();
});

test('a second one is not given meanwhile, and does not make the first longer', async () => {
  const { clock, headStart } = started();
  await clock.advance(1);
  expect(headStart.begin()).toBe(false);
  const ended = endsOf({ one: headStart.over() });
  await clock.advance(1);
  expect(ended).toEqual(['one']);
});
