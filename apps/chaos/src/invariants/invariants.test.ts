import { expect, it } from 'vitest';
import type { Followed } from '../load/run-load.js';
import type { Evidence } from './evidence.js';
import { INVARIANTS } from './invariants.js';

const wish = {
  prompt: 'a film',
  idempotencyKey: 'key',
  postAtMs: 0,
  expected: 'completed',
  habit: 'nothing',
  dropsStream: false,
  hasOwnUrl: true,
} as const;
const client: Followed = {
  wish,
  videoId: 'video_1',
  generationId: 'gen_1',
  ids: new Set(['video_1']),
  posts: 2,
  watched: { sequences: [1, 2, 3], end: 'succeeded', connections: 1 },
};
const row = {
  id: 'gen_1',
  state: 'succeeded',
  attempt: 1,
  lease_id: null,
  operation_key: 'v1',
  last_sequence: 3,
  prompt: 'a film',
  files: [{ role: 'result', sha256: 'abc', media: { bytes: 1 } }],
};
const end = {
  generation_id: 'gen_1',
  first_sequence: 2,
  part_count: 2,
  parts: [{ type: 'result' }, { type: 'succeeded' }],
};
const log = [{ generation_id: 'gen_1', first_sequence: 1, part_count: 1, parts: [{ type: 'attempt' }] }, end];
const file = { generationId: 'gen_1', status: 200, sha256: 'abc', isOwn: true };
const ledger = [
  { generation_id: 'gen_1', kind: 'reserve', amount: 4 },
  { generation_id: 'gen_1', kind: 'settle', amount: 4 },
];
const told = {
  endpoint: 'allowed',
  of: '',
  id: 'evt_1',
  type: 'video.completed',
  objectId: 'video_1',
  isSigned: true,
  isAccepted: true,
};
const toldOnRequest = { ...told, endpoint: 'of-requests', of: 'key' };
const redirected = { ...told, endpoint: 'redirecting', isAccepted: false };
const heard = [{ ...told, isAccepted: false }, told, toldOnRequest, redirected];
const attempts = new Map([
  ['private', { tried: 2, delivered: 0 }],
  ['redirecting', { tried: 1, delivered: 0 }],
]);
const whole: Evidence = {
  wishes: [wish],
  clients: [client],
  rows: [row],
  events: log,
  ledger,
  submissions: new Map([['a film', 1]]),
  files: [file],
  openLeases: 0,
  heard,
  attempts,
};

function broken(change: Partial<Evidence>): string[] {
  return INVARIANTS.filter(({ check }) => check({ ...whole, ...change }).length > 0).map(({ name }) => name);
}

it('finds nothing wrong with a run in which nothing is', () => {
  expect(broken({})).toEqual([]);
});

it.each<[string, Partial<Evidence>, RegExp]>([
  ['a client that was never answered', { clients: [new Error('gone')] }, /acknowledged/],
  ['a key with two videos', { clients: [{ ...client, ids: new Set(['video_1', 'video_2']) }] }, /acknowledged/],
  ['two generations for one wish', { rows: [row, { ...row, id: 'gen_2' }] }, /one generation per key/],
  ['a lost generation', { rows: [] }, /ends exactly once/],
  ['one that goes on', { rows: [{ ...row, state: 'submitted' }] }, /ends exactly once/],
  ['two ends', { events: [...log, { ...end, first_sequence: 4, part_count: 2 }] }, /ends exactly once/],
  ['a second submission', { submissions: new Map([['a film', 2]]) }, /submissions/],
  ['a success without a submission', { submissions: new Map() }, /submissions/],
  ['a failure of what was made', { rows: [{ ...row, state: 'failed' }] }, /made it end/],
  ['an open reservation', { ledger: ledger.slice(0, 1) }, /ledger/],
  ['a slot that is held', { rows: [{ ...row, lease_id: 'lease' }] }, /lease/],
  ['a slot that is counted', { openLeases: 1 }, /lease/],
  ['other bytes', { files: [{ ...file, sha256: 'x' }] }, /checksum/],
  ['the wrong file', { files: [{ ...file, isOwn: false }] }, /checksum/],
  ['a gap in the log', { events: [{ ...end, first_sequence: 3 }] }, /no gap/],
  ['a gap at a client', { clients: [{ ...client, watched: { ...client.watched, sequences: [1, 3] } }] }, /no gap/],
  ['an event twice', { clients: [{ ...client, watched: { ...client.watched, sequences: [1, 2, 2] } }] }, /no gap/],
  ['an end that was not told', { heard: [toldOnRequest] }, /told by webhook/],
  ['one that was only refused', { heard: [{ ...told, isAccepted: false }, toldOnRequest] }, /told by webhook/],
  ['one that is not told to its request', { heard: [told] }, /told by webhook/],
  ['another end than it had', { heard: [{ ...told, type: 'video.failed' }, toldOnRequest] }, /told by webhook/],
  ['one told to the URL of another request', { heard: [told, { ...toldOnRequest, of: 'x' }] }, /told by webhook/],
  ['a second id for one event', { heard: [...heard, { ...told, id: 'evt_2' }] }, /one id/],
  ['one id for two events', { heard: [...heard, { ...told, objectId: 'video_2' }] }, /one id/],
  ['a webhook that is not signed', { heard: [...heard, { ...told, isSigned: false }] }, /signed/],
  ['one that got where it may not', { heard: [...heard, { ...told, endpoint: 'private' }] }, /private/],
  ['a redirect that was followed', { heard: [...heard, { ...told, endpoint: 'beyond' }] }, /private/],
  [
    'a delivery that cannot be',
    { attempts: new Map([...attempts, ['private', { tried: 2, delivered: 1 }]]) },
    /private/,
  ],
  ['a guard that was not tried', { attempts: new Map() }, /private/],
])('finds %s', (_, change, name) => {
  expect(broken(change)).toContainEqual(expect.stringMatching(name));
});
