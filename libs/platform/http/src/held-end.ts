import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

type Connector = ReturnType<typeof buildConnector>;

/** Connections whose end waits for a parser that is paused. */
export function holdingEnds(connect: Connector): Connector {
  return (options, callback) =>
    connect(options, (error, socket) => {
      if (error) return callback(error, null);
      holdEnd(socket);
      callback(null, socket);
    });
}

/**
 * Where a slow reader has paused undici's parser and the connection ends (or is reset) meanwhile, an assertion of the library ends
 * the process. So the end is told once the parser goes on: it puts back what it has not taken as it pauses, and reads as it goes on.
 */
function holdEnd(socket: Socket): void {
  const push = socket.push.bind(socket);
  const read = socket.read.bind(socket);
  const unshift = socket.unshift.bind(socket);
  let isPaused = false;
  let isHeld = false;
  const tell = () => {
    if (!isHeld || isPaused || socket.readableLength > 0 || socket.destroyed) return;
    isHeld = false;
    push(null);
    read(0);
  };
  socket.unshift = (chunk: unknown, encoding?: BufferEncoding) => {
    isPaused = true;
    unshift(chunk, encoding);
  };
  // Node's own streams read with a size.
  socket.read = (size?: number): unknown => {
    if (size === undefined) {
      isPaused = false;
      if (isHeld) setImmediate(tell);
    }
    return read(size);
  };
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    // What is buffered may be where the parser pauses.
    if (chunk !== null || (!isPaused && socket.readableLength === 0)) return push(chunk, encoding);
    isHeld = true;
    return false;
  };
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // Of this code alone undici asks its parser whether the answer was whole.
    if (isPaused && error.code === 'ECONNRESET') error.code = 'UND_ERR_SOCKET';
  });
}
