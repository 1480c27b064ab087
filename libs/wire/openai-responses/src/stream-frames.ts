import { sseEvent } from '@sluice/wire-sse/sse-encode';

/**
 * Numbers events and frames them. What every event of one place has in common is written once, so that a delta costs
 * its own text and little else.
 */
export class StreamFrames {
  private next = 0;

  /** Events up to `toldUntil` are counted, and not told again. */
  constructor(private readonly toldUntil = -1) {}

  /** The number of the last event, or of the first where there is none yet. */
  get last(): number {
    return Math.max(0, this.next - 1);
  }

  /** `members` is the rest of the event's JSON object, without its braces. */
  frame(type: string, members: string): string {
    const sequence = this.next;
    this.next += 1;
    if (sequence <= this.toldUntil) return '';
    return sseEvent({ event: type, data: `{"type":"${type}","sequence_number":${sequence},${members}}` });
  }

  /** Repeats the last number: it is no part of the log, and comes in no replay. */
  keepalive(): string {
    return sseEvent({ event: 'keepalive', data: `{"type":"keepalive","sequence_number":${this.last}}` });
  }
}

/** An object's members, without its braces. */
export function membersOf(object: object): string {
  return JSON.stringify(object).slice(1, -1);
}
