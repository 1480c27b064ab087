import { GatewayError } from '@sluice/contracts/gateway-error';
import { StringDecoder } from 'node:string_decoder';
import type { SseEvent } from './sse-event.js';

export interface SseParserOptions {
  /** A longer event, or a line without an end, is a bad answer. Counted in UTF-16 units. */
  maximumEventLength?: number;
  /**
   * `json`: every event holds one JSON value, so a `data` line that begins a second one begins a new event
   * although the blank line between is missing, and the last event counts without its blank line.
   * `standard`: exactly as WHATWG has it.
   */
  framing?: 'standard' | 'json';
}

const DEFAULT_MAXIMUM_EVENT_LENGTH = 32 * 1024 * 1024;
const LINE_FEED = 10;
const COLON = 58;
const SPACE = 32;
const BYTE_ORDER_MARK = 0xfeff;

/** Bytes in, events out, whatever the cuts. Each piece is looked at once, so a long line costs no more than its length. */
export class SseParser {
  private readonly utf8 = new StringDecoder('utf8');
  private readonly maximumLength: number;
  private readonly isJsonFramed: boolean;
  private isAtStart = true;
  private isAfterCarriageReturn = false;
  private line = '';
  private data: string | undefined;
  private event: string | undefined;
  private lastId: string | undefined;
  private ready: SseEvent[] = [];

  constructor(options: SseParserOptions = {}) {
    this.maximumLength = options.maximumEventLength ?? DEFAULT_MAXIMUM_EVENT_LENGTH;
    this.isJsonFramed = options.framing === 'json';
  }

  /** The events that these bytes complete. */
  push(bytes: Uint8Array): SseEvent[] {
    const text = this.utf8.write(bytes as Buffer);
    this.readLines(this.isAtStart ? this.dropByteOrderMark(text) : text);
    return this.take();
  }

  /** What the end of the stream completes: nothing in the standard, which discards an unfinished event. */
  end(): SseEvent[] {
    if (!this.isJsonFramed) return [];
    this.line += this.utf8.end();
    if (this.line !== '') this.endLine(this.line);
    this.dispatch();
    return this.take();
  }

  private take(): SseEvent[] {
    if (this.ready.length === 0) return NO_EVENTS;
    const events = this.ready;
    this.ready = [];
    return events;
  }

  private dropByteOrderMark(text: string): string {
    if (text === '') return text;
    this.isAtStart = false;
    return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  }

  private readLines(text: string): void {
    let position = 0;
    if (this.isAfterCarriageReturn && text !== '') {
      this.isAfterCarriageReturn = false;
      if (text.charCodeAt(0) === LINE_FEED) position = 1;
    }
    let carriageReturn = text.indexOf('\r', position);
    let lineFeed = text.indexOf('\n', position);
    while (carriageReturn !== -1 || lineFeed !== -1) {
      const isLineFeed = carriageReturn === -1 || (lineFeed !== -1 && lineFeed < carriageReturn);
      const end = isLineFeed ? lineFeed : carriageReturn;
      this.endLine(this.line === '' ? text.slice(position, end) : this.line + text.slice(position, end));
      this.line = '';
      position = end + 1;
      if (!isLineFeed) {
        if (position === text.length) this.isAfterCarriageReturn = true;
        else if (lineFeed === position) position += 1;
        carriageReturn = text.indexOf('\r', position);
      }
      if (lineFeed !== -1 && lineFeed < position) lineFeed = text.indexOf('\n', position);
    }
    if (position < text.length) this.line += position === 0 ? text : text.slice(position);
    this.assertLength();
  }

  private assertLength(): void {
    if (this.line.length + (this.data?.length ?? 0) <= this.maximumLength) return;
    throw new GatewayError('upstream_bad_answer', 'The upstream sent an event that is too long.', { saw: 'unknown' });
  }

  private endLine(line: string): void {
    if (line === '') return this.dispatch();
    if (line.startsWith('data:')) return this.addData(line.slice(valueStart(line, 4)));
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(valueStart(line, colon));
    if (name === 'event') this.event = value;
    else if (name === 'id' && !value.includes('\0')) this.lastId = value;
    else if (name === 'data') this.addData(value);
  }

  private addData(value: string): void {
    if (this.data !== undefined && this.isJsonFramed && startsAnew(this.data, value)) this.dispatch();
    this.data = this.data === undefined ? value : `${this.data}\n${value}`;
  }

  private dispatch(): void {
    if (this.data !== undefined) {
      const event: SseEvent = { data: this.data };
      if (this.event !== undefined && this.event !== '') event.event = this.event;
      if (this.lastId !== undefined) event.id = this.lastId;
      this.ready.push(event);
      this.data = undefined;
    }
    this.event = undefined;
  }
}

const NO_EVENTS: SseEvent[] = [];

function valueStart(line: string, colon: number): number {
  return line.charCodeAt(colon) === COLON && line.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1;
}

/** No JSON value holds a closing brace, a line end and then an opening one; two values do. `[` begins `[DONE]`. */
function startsAnew(data: string, value: string): boolean {
  return data.endsWith('}') && (value.startsWith('{') || value.startsWith('['));
}
