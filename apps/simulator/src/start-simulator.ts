import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Clock } from './clock.js';
import { createRequestListener } from './create-request-listener.js';
import { degptVendor } from './degpt/degpt-vendor.js';
import { geminiVendor } from './gemini/gemini-vendor.js';
import { imageStorageVendor } from './openai/image-storage-vendor.js';
import { grokVendor } from './grok/grok-vendor.js';
import { listenForDrawings } from './grok/imagine-socket.js';
import { openaiVendor } from './openai/openai-vendor.js';
import { SimulatorState } from './simulator-state.js';
import { soraVendor } from './sora-web/sora-vendor.js';
import type { Vendor } from './vendor.js';
import { storageVendor } from './videos/storage-vendor.js';
import { videosVendor } from './videos/videos-vendor.js';
import { receiverVendor } from './webhooks/receiver-vendor.js';
import { xaiVendor } from './xai/xai-vendor.js';

export interface SimulatorOptions {
  readonly host?: string;
  /** 0, the default, lets the operating system choose. */
  readonly port?: number;
  readonly clock?: Clock;
}

export interface Simulator {
  readonly url: string;
  /** Stops listening and destroys every open connection. */
  close(): Promise<void>;
}

const vendors: readonly Vendor[] = [
  videosVendor,
  imageStorageVendor,
  storageVendor,
  openaiVendor,
  degptVendor,
  geminiVendor,
  receiverVendor,
  xaiVendor,
  grokVendor,
  soraVendor,
];

// Longer than clients' pools keep a connection idle: a close crossing a new request would look like a fault.
const keepAliveMs = 120_000;

export async function startSimulator({
  host = '127.0.0.1',
  port = 0,
  clock = Date.now,
}: SimulatorOptions = {}): Promise<Simulator> {
  const state = new SimulatorState(clock);
  const listener = createRequestListener(state, vendors);
  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0, noDelay: true }, listener);
  listenForDrawings(server, state);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: urlOf(server, host),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
