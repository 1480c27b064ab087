import { createServer, type Server } from 'node:http';
import type { Metrics } from '@sluice/platform-telemetry/metrics';

/** The worker's own port: alive, ready, measured. It needs no framework. */
export async function startWorkerHealth(options: {
  host: string;
  port: number;
  metrics: Metrics;
  isReady(): Promise<boolean>;
}): Promise<{ port: number; close(): void }> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, type = 'text/plain; charset=utf-8') => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    if (request.url === '/livez') return answer(200, 'ok');
    if (request.url === '/readyz') {
      options.isReady().then(
        (isReady) => answer(isReady ? 200 : 503, isReady ? 'ready' : 'not ready'),
        () => answer(503, 'not ready'),
      );
      return;
    }
    if (request.url === '/metrics') {
      options.metrics.render().then(
        (text) => answer(200, text, options.metrics.contentType),
        () => answer(500, 'metrics failed'),
      );
      return;
    }
    answer(404, 'not found');
  });
  await listen(server, options);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  return {
    port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}
