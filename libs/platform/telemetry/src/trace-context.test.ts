import { expect, test } from 'vitest';
import { childTraceparent, createTraceparent, parseTraceparent } from './trace-context.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test('a new trace is one that can be read, and no two are the same', () => {
  const made = new Set(Array.from({ length: 1_000 }, createTraceparent));
  expect(made.size).toBe(1_000);
  for (const traceparent of made) expect(parseTraceparent(traceparent)).toMatchObject({ isSampled: true });
});

test.each(['00', '01'])('a child keeps the trace and the flags %s, and has a span of its own', (flags) => {
  const child = parseTraceparent(childTraceparent(`00-${TRACE}-${SPAN}-${flags}`));
  expect(child).toMatchObject({ traceId: TRACE, isSampled: flags === '01' });
  expect(child?.spanId).not.toBe(SPAN);
});

test.each([
  '',
  'nonsense',
  `00-${TRACE}-${SPAN}`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01-more`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
])('%j is ignored, and its child is a new trace', (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
  expect(parseTraceparent(childTraceparent(text))).toBeDefined();
});

test('a later version may carry more', () => {
  expect(parseTraceparent(`01-${TRACE}-${SPAN}-01-more`)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled: true });
});
