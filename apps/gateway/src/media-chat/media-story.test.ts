import type { Part, PartRecord } from '@sluice/contracts/part';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { expect, test } from 'vitest';
import { MediaStory, type MediaStoryOptions } from './media-story.js';

/** A log that grows as the test says. */
class Log implements AsyncIterable<PartRecord[]> {
  private readonly waiting: ((result: IteratorResult<PartRecord[]>) => void)[] = [];
  private readonly said: PartRecord[][] = [];
  isLeft = false;

  say(...parts: Part[]): void {
    const records = parts.map((part) => ({ sequence: 0, part }));
    const next = this.waiting.shift();
    if (next) next({ done: false, value: records });
    else this.said.push(records);
  }

  [Symbol.asyncIterator](): AsyncIterator<PartRecord[]> {
    return {
      next: () =>
        new Promise((resolve) => {
          const value = this.said.shift();
          if (value) resolve({ done: false, value });
          else this.waiting.push(resolve);
        }),
      return: async () => {
        this.isLeft = true;
        return { done: true, value: undefined };
      },
    };
  }
}

const ATTEMPT: Part = { type: 'attempt', attempt: 1, upstream: 'u', model: 'm', credentialId: 'c' };
const RESULT: Part = { type: 'result', files: [], facts: {} };
const DONE: Part = { type: 'succeeded' };

function open(options: Partial<MediaStoryOptions> = {}) {
  const clock = createFakeClock();
  const log = new Log();
  const story = new MediaStory({
    kind: 'video',
    tail: log,
    progress: 'reasoning',
    begun: { name: 'video_1', pictures: 0 },
    place: async () => undefined,
    show: async () => 'the film',
    usage: () => ({ inputTokens: 1, outputTokens: 2, totalTokens: 3 }),
    clock,
    ...options,
  });
  const told = story[Symbol.asyncIterator]();
  const next = async () => ((await told.next()).value as PartRecord[] | undefined)?.map(({ part }) => part) ?? [];
  return { clock, log, told, next };
}

const textOf = (parts: readonly Part[]) => parts.map((part) => ('text' in part ? String(part.text) : '')).join('');
const typesOf = (parts: readonly Part[]) => parts.map(({ type }) => type);

test('nothing is told before something went on, and then who does it comes first', async () => {
  const { log, next } = open();
  log.say(ATTEMPT);
  log.say({ type: 'progress', progress: 5 });
  const parts = await next();
  expect(typesOf(parts)).toEqual(['attempt', 'reasoning-delta', 'reasoning-delta']);
  expect(textOf(parts)).toContain('**Video Generation Progress**: 5% (running)');
});

test('what fails at once is told with who failed, and nothing else', async () => {
  const { log, next } = open();
  log.say(ATTEMPT, { type: 'failed', error: { code: 'content_refused', message: 'no' } });
  expect(typesOf(await next())).toEqual(['attempt', 'failed']);
});

test('while it waits, its place is told; while nothing changes, that it goes on', async () => {
  let place: { position: number; etaSeconds: number } | undefined = { position: 3, etaSeconds: 40 };
  const { clock, log, next } = open({ place: async () => place });
  const waiting = next();
  await clock.advance(10_000);
  expect(textOf(await waiting)).toContain('Progress**: 0% (queued, 3 ahead, about 40 s)');
  place = undefined;
  log.say({ type: 'progress', progress: 30 });
  await next();
  const still = next();
  await clock.advance(10_000);
  expect(textOf(await still)).toBe('\n**Video Generation Progress**: 30% (running)\n');
});

test('pictures tell how long it takes', async () => {
  const { clock, next } = open({ kind: 'image' });
  const first = next();
  await clock.advance(10_000);
  expect(textOf(await first)).toContain('Image generation in progress... (10s elapsed)');
});

test('an end without any progress still has one percentage', async () => {
  const { log, next } = open({ begun: { name: 'video_1', pictures: 2 } });
  log.say(ATTEMPT, RESULT, DONE);
  const parts = await next();
  expect(textOf(parts)).toMatch(/Image Upload Begins[^]*100%[^]*Completed[^]*the film$/);
  expect(typesOf(parts.slice(-4))).toEqual(['text-delta', 'finish', 'usage', 'succeeded']);
});

test('without progress, only the answer is told, also while nothing comes', async () => {
  const { clock, log, next } = open({ progress: 'none' });
  const all = next();
  await clock.advance(30_000);
  log.say(ATTEMPT, { type: 'progress', progress: 50 });
  expect(typesOf(await all)).toEqual(['attempt']);
  log.say(RESULT, DONE);
  expect(typesOf(await next())).toEqual(['text-delta', 'finish', 'usage', 'succeeded']);
});

test('another attempt is told as such', async () => {
  const { log, next } = open();
  log.say(ATTEMPT, { type: 'progress', progress: 5 });
  await next();
  log.say({ ...ATTEMPT, attempt: 2 });
  const parts = await next();
  expect(typesOf(parts)).toEqual(['attempt', 'reasoning-delta']);
  expect(textOf(parts)).toContain('Attempt 2');
});

test('an end without a result is a failure', async () => {
  const { log, next } = open();
  log.say(DONE);
  expect(await next()).toMatchObject([{ type: 'failed', error: { code: 'internal' } }]);
});

test('whoever stops listening leaves the log, and no timer', async () => {
  const { clock, log, told, next } = open();
  log.say({ type: 'progress', progress: 5 });
  await next();
  await told.return?.(undefined);
  expect(log.isLeft).toBe(true);
  expect(clock.pendingCount()).toBe(0);
});

test('what old clients of Sora read stands in its order, and who made what at its end', async () => {
  const { log, next } = open({ begun: { name: 'video_1', pictures: 1, isStoryboard: true } });
  log.say(ATTEMPT, { type: 'progress', progress: 42 });
  expect(textOf(await next())).toBe(
    [
      '**Image Upload Begins**\n\nUploading image to server...\n',
      'Image uploaded successfully. Proceeding to generation...\n',
      '**Generation Process Begins**\n\nInitializing generation request...\nvideo_1\n',
      'Detected storyboard format. Converting to storyboard API format...\n',
      '\n**Video Generation Progress**: 42% (running)\n',
    ].join(''),
  );
  log.say({ type: 'result', files: [], facts: { durationSeconds: 10, size: '1280x720' } }, DONE);
  const end = textOf(await next());
  expect(end).toBe('**Video Generation Completed**\n\nKept here. Made by u/m, 10 s, 1280x720.\nthe film');
});

test('content that is refused late is told as old clients know it, before the error', async () => {
  const error = { code: 'content_refused', message: 'Not this.' } as const;
  const { log, next } = open();
  log.say(ATTEMPT, { type: 'progress', progress: 5 });
  await next();
  log.say({ type: 'failed', error });
  const parts = await next();
  expect(textOf(parts)).toBe('**Content Policy Violation**\n\nNot this.\n❌ 生成失败: Not this.\n');
  expect(typesOf(parts)).toEqual(['reasoning-delta', 'text-delta', 'failed']);
});
