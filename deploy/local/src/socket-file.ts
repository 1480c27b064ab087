import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';

/** What the kernels of Linux and macOS both take, and what no list of folders and no URL reads as anything else. */
const USABLE = /^[\w./-]{1,103}$/;

/**
 * Whether a store can listen at this file, which is cleared of what a killed one left; not every file system knows sockets.
 * A command by a socket costs either side half of what it costs by the loopback network.
 */
export async function canListenAt(path: string): Promise<boolean> {
  if (!USABLE.test(path)) return false;
  const server = createServer();
  try {
    await rm(path, { force: true });
    server.listen(path);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
