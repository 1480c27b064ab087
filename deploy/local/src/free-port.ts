import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { LaunchError } from './launch-error.js';

/**
 * Below the range from which systems take ports for outgoing connections. A port from that range can be taken by a
 * client while its server restarts, even by a client that connects to itself while it waits for that very server.
 */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 30_000;

/** The same port as last time where it is still free, so that addresses stay over restarts. */
export async function choosePort({
  preferred,
  taken,
}: {
  preferred: number | undefined;
  taken: ReadonlySet<number>;
}): Promise<number> {
  if (preferred !== undefined && !taken.has(preferred) && (await isPortFree({ port: preferred }))) return preferred;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
    if (!taken.has(port) && (await isPortFree({ port }))) return port;
  }
  throw new LaunchError(`No free port was found between ${LOWEST_PORT} and ${HIGHEST_PORT}.`);
}

async function isPortFree({ port, host = '127.0.0.1' }: { port: number; host?: string }): Promise<boolean> {
  return (await tryListen({ port, host })) === undefined;
}

/** The error that listening gives, or undefined when it works. */
export function tryListen({ port, host }: { port: number; host: string }): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
