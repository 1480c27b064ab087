import { expect, it } from 'vitest';
import { ssoSchema } from './grok-session.js';

it.each([
  'abc.def-123',
  'sso=abc.def-123',
  'sso-rw=other; sso=abc.def-123; cf=1',
  'Cookie: a=b;sso=abc.def-123',
  '"abc.def-123"',
])('takes %s as it was pasted', (pasted) => {
  expect(ssoSchema.parse(pasted)).toBe('abc.def-123');
});

it.each(['', 'short', 'two words here', 'sso-rw=abcdefghij', 'a=b; c=d'])('refuses %j', (pasted) => {
  expect(ssoSchema.safeParse(pasted).success).toBe(false);
});
