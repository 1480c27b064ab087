import { expect, it } from 'vitest';
import { decodeFinish, isGooglesReason } from './decode-finish.js';
import { encodeFinish } from './encode-finish.js';

it.each(['constructor', 'toString', '__proto__', 'TOMORROW'])(
  'takes the unknown reason %s for an ordinary end',
  (native) => {
    expect(decodeFinish(native, { hasToolCalls: false })).toBe('stop');
    expect(isGooglesReason(native)).toBe(false);
    expect(encodeFinish({ type: 'finish', choice: 0, reason: 'stop', native })).toBe('STOP');
  },
);
