import type { HeardWebhook } from '../webhooks/heard-webhook.js';
import { ALLOWED, OF_REQUESTS, PRIVATE, UNREACHABLE } from '../webhooks/open-webhooks.js';
import { REDIRECTING } from '../webhooks/webhook-receiver.js';
import type { Evidence } from './evidence.js';
import type { Invariant } from './invariants.js';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['succeeded', 'video.completed'],
  ['failed', 'video.failed'],
  ['cancelled', 'video.failed'],
  ['expired', 'video.failed'],
]);

export const WEBHOOK_INVARIANTS: readonly Invariant[] = [
  {
    name: 'every end is told by webhook at least once, to the endpoint and to the URL of its request',
    check: findUntold,
  },
  {
    name: 'every webhook is signed, and an event has one id however often it comes',
    check: ({ heard }) => [
      ...heard.filter((one) => !one.isSigned).map(({ endpoint, id }) => `${id} at ${endpoint} is not signed`),
      ...withSeveral(heard, { by: 'objectId', of: 'id' }),
      ...withSeveral(heard, { by: 'id', of: 'objectId' }),
    ],
  },
  { name: 'no webhook reaches a private address that nobody allowed, nor follows a redirect', check: findStrays },
];

function findUntold({ rows, clients, heard }: Evidence): string[] {
  const told = new Set(heard.filter(({ isAccepted }) => isAccepted).map(keyOf));
  const ends = rows.flatMap(({ id, state }) => {
    const type = TYPES.get(state);
    return type === undefined ? [] : [{ objectId: id.replace(/^gen_/, 'video_'), type }];
  });
  const ofVideo = new Map(
    clients.flatMap((client) => (client instanceof Error ? [] : [[client.videoId, client.wish] as const])),
  );
  const wanted = ends.flatMap((end) => {
    const wish = ofVideo.get(end.objectId);
    const toAll = { ...end, endpoint: ALLOWED, of: '' };
    return wish?.hasOwnUrl ? [toAll, { ...end, endpoint: OF_REQUESTS, of: wish.idempotencyKey }] : [toAll];
  });
  return wanted
    .map(keyOf)
    .filter((key) => !told.has(key))
    .map((key) => `never told: ${key}`);
}

function findStrays({ heard, attempts }: Evidence): string[] {
  const strays = heard.filter(({ endpoint }) => UNREACHABLE.includes(endpoint));
  return [
    ...strays.map(({ endpoint, id }) => `${id} came to ${endpoint}`),
    ...[PRIVATE, REDIRECTING].flatMap((endpoint) => {
      const { tried, delivered } = attempts.get(endpoint) ?? { tried: 0, delivered: 0 };
      // What was never tried proves nothing.
      if (tried === 0) return [`nothing was tried at ${endpoint}`];
      return delivered === 0 ? [] : [`${delivered} count as delivered at ${endpoint}`];
    }),
  ];
}

function keyOf({ endpoint, of, objectId, type }: Pick<HeardWebhook, 'endpoint' | 'of' | 'objectId' | 'type'>): string {
  return `${type} of ${objectId} at ${endpoint}${of && `/${of}`}`;
}

/** Values of one field that come with more than one value of another. */
function withSeveral(
  heard: readonly HeardWebhook[],
  { by, of }: { by: 'id' | 'objectId'; of: 'id' | 'objectId' },
): string[] {
  const values = new Map<string, Set<string>>();
  for (const one of heard) values.set(one[by], (values.get(one[by]) ?? new Set()).add(one[of]));
  return [...values]
    .filter(([, several]) => several.size > 1)
    .map(([key, several]) => `${key}: ${[...several].join(', ')}`);
}
