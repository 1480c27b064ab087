import type { Server } from 'node:http';

/** What a forked entry was started with. */
export function entryArgument(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}

/** Listens on a free loopback port and tells the parent which. */
export function announce(server: Server): void {
  server.listen(0, '127.0.0.1', 4096, () => {
    const address = server.address();
    announcePort(address !== null && typeof address === 'object' ? address.port : 0);
  });
}

/** Entries without a port of their own announce 0. */
export function announcePort(port: number): void {
  process.send?.({ port });
  // A plain exit (not the default death by signal) lets --cpu-prof write its file.
  process.once('SIGTERM', () => process.exit(0));
  process.once('disconnect', () => process.exit(0));
}
