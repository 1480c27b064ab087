import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Clock } from '@sluice/contracts/clock';
import type { GatewayServices } from './gateway-services.js';
import type { GatewayStores } from './gateway-stores.js';

/** Load balancers get this long to notice that we are not ready, as long as the time to shut down allows it. */
const NOTICE_SHARE = 0.1;
const LONGEST_NOTICE_MS = 2_000;
/** Kept for the stores, after the last answer. */
const CLOSE_MS = 1_500;
const POLL_MS = 50;

/** Not ready, then wait, then no new connections, then the answers that run, then the stores. */
export async function closeInOrder(options: {
  app: NestFastifyApplication;
  services: GatewayServices;
  stores: GatewayStores;
  deadlineMs: number;
  clock: Clock;
}): Promise<void> {
  const { app, services, stores, deadlineMs, clock } = options;
  services.readiness.drain();
  services.batches.drain();
  const leftMs = deadlineMs - clock.now();
  if (openTails(services) > 0) await pause(clock, Math.min(leftMs * NOTICE_SHARE, LONGEST_NOTICE_MS));
  const server = app.getHttpServer();
  server.close();
  server.closeIdleConnections();
  while (openTails(services) > 0 && clock.now() < deadlineMs - CLOSE_MS) await pause(clock, POLL_MS);
  await services.close();
  server.closeAllConnections();
  await stores.close();
}

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
}

/** Answers that run, and logs that are followed. */
function openTails({ reader, durable }: GatewayServices): number {
  return reader.size + durable.reader.size;
}
