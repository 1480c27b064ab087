import type { ServerResponse } from 'node:http';

/** Writes, and resolves when more may be written: a client that reads slowly slows its own answer down, and nothing else. */
export async function writeOut(response: ServerResponse, data: string | Uint8Array): Promise<void> {
  if (response.write(data) || response.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
