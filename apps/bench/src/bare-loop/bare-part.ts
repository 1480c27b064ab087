/** Results come back on one channel that every waiting request of the gateway shares. */
export const resultChannel = 'bare:results';
export const queueName = 'bare';

/** What a worker hands back: a whole plain answer, bytes of a stream, its end, or a failure. */
export type BarePartKind = 'P' | 'D' | 'E' | 'F';

export interface BareJob {
  readonly id: number;
  readonly body: string;
}

export function encodeBarePart(kind: BarePartKind, id: number, data = ''): string {
  return `${kind}${id} ${data}`;
}

export function decodeBarePart(text: string): { kind: string; id: number; data: string } {
  const gap = text.indexOf(' ');
  return { kind: text.charAt(0), id: Number(text.slice(1, gap)), data: text.slice(gap + 1) };
}
