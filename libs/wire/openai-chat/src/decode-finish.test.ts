import { expect, it } from 'vitest';
import { toFailure } from './decode-error.js';
import { decodeFinish } from './decode-finish.js';

it.each(['constructor', '__proto__', 'tomorrow'])('takes the unknown reason %s for an ordinary end', (native) => {
  expect(decodeFinish(native, { hasToolCalls: false })).toBe('stop');
});

it.each(['constructor', '__proto__'])('takes the unknown error code %s for a failure of the vendor', (code) => {
  expect(toFailure({ message: 'no', code }).data.upstreamStatus).toBe(500);
});
