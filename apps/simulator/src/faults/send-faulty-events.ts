import { drained } from '../http/drained.js';
import type { Exchange } from '../http/exchange.js';
import type { Fault } from './fault.js';
import type { EventStream, Framing } from './event-stream.js';
import { splitInsideCharacters } from './split-inside-characters.js';
import { wait, waitUntilGone } from './wait.js';

const splitPauseMs = 2;

/** Sends events one by one, breaking in before the event whose number the fault names (0 = the first). */
export async function sendFaultyEvents(exchange: Exchange, stream: EventStream, fault: Fault): Promise<void> {
  const { response, signal } = exchange;
  const { frame, closing } = stream.framing ?? framing(fault);
  if (fault.singleWrite) return void response.end([...stream.events].map(frame).join('') + closing);
  // A flush is a packet of its own, so only where the client must see the headers before any event.
  if (fault.firstEventDelayMs !== undefined || fault.stallAfter === 0) response.flushHeaders();
  await wait(fault.firstEventDelayMs, signal);

  let position = 0;
  for (const data of stream.events) {
    if (signal.aborted || (await breaksIn({ exchange, stream, fault }, position, frame(data, position)))) return;
    if (position > 0) await wait(fault.chunkDelayMs, signal);
    if (signal.aborted) return;
    if (fault.comments) response.write(`: simulated comment ${position}\n\n`);
    await writeFrame(exchange, frame(data, position), fault);
    if (fault.garbageJson && position === 0) response.write(frame('{"id":"garbage","choices":[{"delta', position));
    position += 1;
  }
  // A fault due later than the stream is long takes the place of its orderly end.
  if (isDueLater(fault, position) && (await breaksIn({ exchange, stream, fault }, Infinity, ''))) return;
  response.end(closing);
}

interface Scene {
  readonly exchange: Exchange;
  readonly stream: EventStream;
  readonly fault: Fault;
}

/** Plays a fault that ends the stream here; false when none is due. */
async function breaksIn({ exchange, stream, fault }: Scene, position: number, nextFrame: string): Promise<boolean> {
  if (isDue(fault.errorAfter, position)) {
    const { frameError } = stream.framing ?? framing(fault);
    exchange.response.end(frameError(stream.errorEvent(), position));
  } else if (isDue(fault.stallAfter, position)) {
    await waitUntilGone(exchange.signal);
  } else if (isDue(fault.cutAfter, position)) {
    await cutInside(exchange, nextFrame, fault.cutBytes);
  } else {
    return false;
  }
  return true;
}

function isDue(after: number | undefined, position: number): boolean {
  return after !== undefined && (after === position || position === Infinity);
}

function isDueLater(fault: Fault, position: number): boolean {
  return [fault.errorAfter, fault.stallAfter, fault.cutAfter].some((after) => after !== undefined && after >= position);
}

/** Announces the whole next event as one HTTP chunk, sends a part of it and hangs up. */
async function cutInside(exchange: Exchange, nextFrame: string, cutBytes: number | undefined): Promise<void> {
  const bytes = Buffer.from(nextFrame);
  const part = bytes.subarray(0, cutBytes ?? Math.floor(bytes.length / 2));
  const { socket } = exchange.response;
  const announced = Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), part]);
  if (socket !== null && part.length > 0)
    await new Promise<void>((resolve) => socket.write(announced, () => resolve()));
  exchange.hangUp();
}

async function writeFrame(exchange: Exchange, frame: string, fault: Fault): Promise<void> {
  if (!fault.splitUtf8) {
    if (!exchange.response.write(frame)) await drained(exchange);
    return;
  }
  for (const piece of splitInsideCharacters(Buffer.from(frame))) {
    exchange.response.write(piece);
    // The pause lets the pieces leave as packets of their own.
    await wait(splitPauseMs, exchange.signal);
  }
}

function framing(fault: Fault): Framing {
  const lineEnd = fault.crlf ? '\r\n' : '\n';
  const field = fault.noSpace ? 'data:' : 'data: ';
  const frame = (data: string): string => `${field}${data}${lineEnd}${lineEnd}`;
  return { contentType: 'text/event-stream', frame, closing: '', frameError: frame };
}
