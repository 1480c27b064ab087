import { expect, it } from 'vitest';
import { isSigned, readEvent } from './heard-webhook.js';

/** The example of the specification. */
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const sent = {
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,bm9ldHU5a3Vvc3RpbWU= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  body: '{"test": 2432232314}',
  atMs: 1_614_265_331_000,
};

it('knows a signature of Standard Webhooks', () => {
  expect(isSigned(secret, sent)).toBe(true);
});

it.each([
  ['another body', { ...sent, body: '{"test": 2432232315}' }],
  ['another id', { ...sent, headers: { ...sent.headers, 'webhook-id': 'msg_other' } }],
  ['a time long past', { ...sent, atMs: sent.atMs + 600_000 }],
  ['no headers', { ...sent, headers: {} }],
])('takes no signature with %s', (_, changed) => {
  expect(isSigned(secret, changed)).toBe(false);
});

it('takes none of another secret', () => {
  expect(isSigned('whsec_bm90IHRoZSBzZWNyZXQgYXQgYWxsISE=', sent)).toBe(false);
});

it('reads what a webhook is about, and nothing of what is none', () => {
  expect(readEvent('{"id":"evt_1","type":"video.completed","data":{"id":"video_1"}}')).toEqual({
    eventId: 'evt_1',
    type: 'video.completed',
    objectId: 'video_1',
  });
  expect(readEvent('').eventId).toBe('');
});
