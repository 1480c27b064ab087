import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A client's server: keeps what comes, and answers as the test says. */
export async function startReceiver() {
  const received: Received[] = [];
  let answer: RequestListener = (_request, response) => response.end('thanks');
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      for (const tell of waiting.splice(0)) tell();
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    answerWith(listener: RequestListener) {
      answer = listener;
    },
    /** Resolves when something has come. */
    next: () => new Promise<void>((resolve) => void waiting.push(resolve)),
    reset() {
      received.length = 0;
      answer = (_request, response) => response.end('thanks');
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;
