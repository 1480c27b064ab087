import { randomBytes } from 'node:crypto';

/** A W3C `traceparent`, taken apart. */
export interface TraceContext {
  traceId: string;
  spanId: string;
  isSampled: boolean;
}

const PATTERN = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** A new trace, for a request that came without one. */
export function createTraceparent(): string {
  return `00-${randomHex(16)}-${randomHex(8)}-01`;
}

/** The same trace with a span of its own; a new trace where the parent cannot be read. */
export function childTraceparent(parent: string): string {
  const context = parseTraceparent(parent);
  if (!context) return createTraceparent();
  return `00-${context.traceId}-${randomHex(8)}-${context.isSampled ? '01' : '00'}`;
}

/** Undefined for text that the specification tells to ignore. */
export function parseTraceparent(text: string): TraceContext | undefined {
  const [, version, traceId, spanId, flags, more] = PATTERN.exec(text) ?? [];
  if (!traceId || !spanId || version === 'ff' || (version === '00' && more)) return undefined;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 };
}

// Random bytes are drawn in bulk: one draw per span costs more than the rest of the span.
const POOL_BYTES = 4_096;
let pool = Buffer.alloc(0);
let offset = 0;

function randomHex(bytes: number): string {
  if (offset + bytes > pool.length) {
    pool = randomBytes(POOL_BYTES);
    offset = 0;
  }
  offset += bytes;
  return pool.toString('hex', offset - bytes, offset);
}
