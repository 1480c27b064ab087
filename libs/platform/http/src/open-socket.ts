import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MessageSocket, SocketHandshake } from '@sluice/contracts/http-port';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { type Dispatcher, WebSocket } from 'undici';

/** As for the bodies of answers. */
const IDLE_TIMEOUT_MS = 300_000;

/** Opens a websocket by the way out that the dispatcher is. */
export async function openSocket(
  { url, headers = {}, signal, idleTimeoutMs = IDLE_TIMEOUT_MS }: SocketHandshake,
  dispatcher: Dispatcher,
): Promise<MessageSocket> {
  const socket = new WebSocket(url, { headers, dispatcher });
  socket.binaryType = 'arraybuffer';
  // Messages wait here in objects until they are read.
  const inbox = new PassThrough({ objectMode: true, highWaterMark: 1_024 });
  const abort = () => {
    socket.close();
    inbox.destroy(left());
  };
  inbox.on('error', () => {});
  const silence: { timer?: NodeJS.Timeout } = {};
  socket.addEventListener('message', ({ data }) => {
    silence.timer?.refresh();
    inbox.write(textOf(data));
  });
  socket.addEventListener('error', () => inbox.destroy(lost()));
  socket.addEventListener('close', ({ wasClean }) => {
    signal.removeEventListener('abort', abort);
    clearTimeout(silence.timer);
    if (wasClean) inbox.end();
    else inbox.destroy(lost());
  });
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  await opened(socket, signal);
  silence.timer = setTimeout(() => {
    socket.close();
    inbox.destroy(silent());
  }, idleTimeoutMs).unref();
  return {
    messages: inbox as AsyncIterable<string>,
    send: (message) => {
      silence.timer?.refresh();
      socket.send(message);
    },
    close: () => socket.close(),
  };
}

async function opened(socket: WebSocket, signal: AbortSignal): Promise<void> {
  const gone = new AbortController();
  const refused = () => gone.abort();
  socket.addEventListener('error', refused);
  socket.addEventListener('close', refused);
  try {
    await once(socket, 'open', { signal: AbortSignal.any([gone.signal, signal]) });
  } catch (cause) {
    if (signal.aborted) throw left();
    throw new GatewayError('upstream_unreachable', 'The upstream refused the handshake of a websocket.', {
      saw: 'nothing',
      cause,
    });
  } finally {
    socket.removeEventListener('error', refused);
    socket.removeEventListener('close', refused);
  }
}

function textOf(data: unknown): string {
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : String(data);
}

function lost(): GatewayError {
  return new GatewayError('upstream_interrupted', 'The connection was lost.', { saw: 'unknown' });
}

function silent(): GatewayError {
  return new GatewayError('upstream_timeout', 'The upstream has said nothing for too long.', { saw: 'unknown' });
}

function left(): GatewayError {
  return new GatewayError('cancelled', 'The caller has left.', { saw: 'unknown' });
}
