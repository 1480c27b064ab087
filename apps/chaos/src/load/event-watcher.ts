import { setTimeout as delay } from 'node:timers/promises';
import { openCall } from '../call.js';
import type { ClientOptions, Granted } from './client.js';

export interface Watched {
  /** As they came, over all connections. */
  sequences: number[];
  /** The terminal event, when it came. */
  end: string | undefined;
  connections: number;
}

const TERMINAL = new Set(['succeeded', 'failed', 'cancelled']);
const PAUSE_MS = 300;
const DROP_AFTER_EVENTS = 3;

/** Follows one generation to its end, from connection to connection, by `Last-Event-ID` alone. */
export async function watchEvents({ generationId, wish }: Granted, options: ClientOptions): Promise<Watched> {
  const watched: Watched = { sequences: [], end: undefined, connections: 0 };
  while (watched.end === undefined && !options.signal.aborted) {
    const gateway = options.gateways[watched.connections % options.gateways.length] ?? '';
    watched.connections += 1;
    const last = watched.sequences.at(-1);
    await follow({
      url: `${gateway}/v1/generations/${generationId}/events`,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        ...(last !== undefined && { 'last-event-id': String(last) }),
      },
      watched,
      signal: options.signal,
      dropAfter: wish.dropsStream ? DROP_AFTER_EVENTS : Infinity,
    }).catch(() => undefined);
    if (watched.end === undefined) await delay(PAUSE_MS);
  }
  return watched;
}

interface Following {
  url: string;
  headers: Record<string, string>;
  watched: Watched;
  signal: AbortSignal;
  dropAfter: number;
}

async function follow({ url, headers, watched, signal, dropAfter }: Following): Promise<void> {
  const response = await openCall({ url, headers, signal });
  if (response.statusCode !== 200) return void response.destroy();
  let rest = '';
  let events = 0;
  for await (const bytes of response) {
    rest += String(bytes);
    const frames = rest.split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) events += Number(note(frame, watched));
    if (events >= dropAfter && watched.end === undefined) return void response.destroy();
  }
}

/** True for a frame that is an event with a number. */
function note(frame: string, watched: Watched): boolean {
  const sequence = /^id: ?(\d+)$/m.exec(frame)?.[1];
  if (sequence === undefined) return false;
  watched.sequences.push(Number(sequence));
  const name = /^event: ?(\S+)$/m.exec(frame)?.[1] ?? '';
  if (TERMINAL.has(name)) watched.end = name;
  return true;
}
