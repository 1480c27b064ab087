import { Random } from '../random.js';

/** One video that a client wants. */
export interface Wish {
  /** Unlike every other: the upstream counts by it. */
  prompt: string;
  idempotencyKey: string;
  postAtMs: number;
  /** What has to come of it. */
  expected: 'completed' | 'failed';
  /** What the upstream does to it. */
  habit: string;
  /** A client that drops its event stream now and then. */
  dropsStream: boolean;
  /** It names a URL of its own that shall hear of its end. */
  hasOwnUrl: boolean;
}

interface Habit {
  name: string;
  weight: number;
  markers: string;
  expected?: 'failed';
}

const HABITS: readonly Habit[] = [
  { name: 'nothing', weight: 50, markers: '' },
  { name: 'reply lost after accept', weight: 12, markers: 'accept-first,lost-reply' },
  { name: '500 after accept', weight: 4, markers: 'accept-first,status=500' },
  { name: '502 page after accept', weight: 3, markers: 'accept-first,status=502,html' },
  { name: 'garbled reply after accept', weight: 3, markers: 'garbage-json' },
  { name: 'reply lost before accept', weight: 4, markers: 'lost-reply,once' },
  { name: 'slow accept', weight: 4, markers: 'first-byte-delay-ms=1500' },
  { name: '500 in mid-poll', weight: 4, markers: 'poll-status=500,poll-fail-times=2' },
  { name: 'page in mid-poll', weight: 2, markers: 'poll-html' },
  { name: 'expired link', weight: 4, markers: 'content=redirect,expired-link' },
  { name: 'truncated file', weight: 3, markers: 'truncated' },
  { name: 'wrong length', weight: 3, markers: 'wrong-length' },
  { name: 'generation fails', weight: 3, markers: 'video-fails', expected: 'failed' },
  { name: 'moderated', weight: 2, markers: 'moderated', expected: 'failed' },
];

/** Chance of their own: what else a seed draws is what it drew before there were any. */
const WEBHOOKS = 0xcafe;

export interface LoadPlan {
  generations: number;
  loadMs: number;
  seed: number;
}

export function planWishes(random: Random, { generations, loadMs, seed }: LoadPlan): Wish[] {
  const ofWebhooks = new Random(seed ^ WEBHOOKS);
  const wishes = Array.from({ length: generations }, (_, index): Wish => {
    const habit = random.pick(HABITS);
    const videoMs = random.between(500, 20_000);
    const markers = [habit.markers, `video-ms=${videoMs}`].filter((part) => part !== '').join(',');
    return {
      prompt: `chaos ${seed}-${index} [[sim:${markers}]]`,
      idempotencyKey: `chaos-${seed}-${index}`,
      postAtMs: random.between(0, loadMs),
      expected: habit.expected ?? 'completed',
      habit: habit.name,
      dropsStream: random.next() < 0.3,
      hasOwnUrl: ofWebhooks.next() < 0.3,
    };
  });
  return wishes.toSorted((one, other) => one.postAtMs - other.postAtMs);
}
