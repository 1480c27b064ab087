import { connect } from 'node:net';

const BUFFER_BYTES = 1 << 20;

export interface Download {
  bytes: number;
  tookMs: number;
}

/** Reads a whole answer into one buffer, again and again: the client is not what is measured. */
export function download(url: string, headers: Readonly<Record<string, string>>): Promise<Download> {
  const { hostname, port, pathname } = new URL(url);
  const lines = Object.entries({ host: hostname, connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    let bytes = -1;
    let head = '';
    const onread = {
      buffer: Buffer.alloc(BUFFER_BYTES),
      callback: (length: number, buffer: Uint8Array): boolean => {
        if (bytes >= 0) bytes += length;
        else {
          head += Buffer.from(buffer.subarray(0, length)).toString('latin1');
          const end = head.indexOf('\r\n\r\n');
          if (end >= 0) bytes = head.length - end - 4;
        }
        return true;
      },
    };
    const socket = connect({ host: hostname, port: Number(port), onread });
    socket.write(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
    socket.once('error', reject);
    socket.once('close', () => {
      if (head.startsWith('HTTP/1.1 200')) resolve({ bytes, tookMs: performance.now() - startedAt });
      else reject(new Error(`no file: ${head.slice(0, 200)}`));
    });
  });
}
