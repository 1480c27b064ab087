import { tryListen } from './free-port.js';
import { LaunchError } from './launch-error.js';

/** Asked before anything starts, so that the answer is one clear line and not a crash loop. */
export async function requireGatewayPort({ port, host }: { port: number; host: string }): Promise<void> {
  const error = await tryListen({ port, host });
  if (error === undefined) return;
  throw new LaunchError(
    `${explain(error, { port, host })}\nSet SLUICE_PORT to another port, for example: SLUICE_PORT=${port + 1} npm start`,
  );
}

function explain(error: NodeJS.ErrnoException, { port, host }: { port: number; host: string }): string {
  if (error.code === 'EADDRINUSE') return `Port ${port} on ${host} is taken by another program.`;
  if (error.code === 'EACCES') return `This user may not listen on port ${port}.`;
  if (error.code === 'EADDRNOTAVAIL') return `This machine has no address ${host} (SLUICE_HOST).`;
  return `Port ${port} on ${host} cannot be used: ${error.message}.`;
}
