import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type HeardWebhook, isSigned, readEvent } from './heard-webhook.js';

/** What it does to an event when it comes for the first time; the second time it is taken. */
const HABITS = ['take', 'refuse', 'take', 'cut', 'take', 'take slowly', 'take', 'take'] as const;
const SLOW_MS = 1_500;

/** Answers with a redirect to where nobody may come. */
export const REDIRECTING = 'redirecting';
export const BEYOND = 'beyond';

/** A client's server that hears of ends, on loopback; it writes down whatever comes, at any path. */
export class WebhookReceiver {
  readonly heard: HeardWebhook[] = [];
  private readonly known = new Set<string>();
  private readonly secrets = new Map<string, string>();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const receiver = new WebhookReceiver(server, typeof address === 'object' && address !== null ? address.port : 0);
    server.on('request', (request, response) => {
      receiver.hear(request, response).catch(() => response.destroy());
    });
    return receiver;
  }

  /** `host`: a name that leads here, in place of the address. */
  urlOf(endpoint: string, host = '127.0.0.1'): string {
    return `http://${host}:${this.port}/${endpoint}`;
  }

  /** From now on what comes for this endpoint has to be signed with it. */
  expect(endpoint: string, secret: string): void {
    this.secrets.set(endpoint, secret);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, endpoint = '', of = ''] = (request.url ?? '').split('/');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { headers } = request;
    const id = String(headers['webhook-id'] ?? '');
    const { eventId, type, objectId } = readEvent(body);
    const isOurs = id === eventId && isSigned(this.secrets.get(endpoint) ?? '', { headers, body, atMs: Date.now() });
    const heard: HeardWebhook = { endpoint, of, id, type, objectId, isSigned: isOurs, isAccepted: false };
    this.heard.push(heard);
    heard.isAccepted = await this.answer(response, heard);
  }

  /** True where it was taken. */
  private async answer(response: ServerResponse, { endpoint, of, objectId }: HeardWebhook): Promise<boolean> {
    if (endpoint === REDIRECTING) {
      response.writeHead(307, { location: this.urlOf(BEYOND) }).end();
      return false;
    }
    switch (this.habitFor(`${endpoint}/${of} ${objectId}`)) {
      case 'refuse':
        response.writeHead(500).end('not now');
        return false;
      case 'cut':
        response.destroy();
        return false;
      case 'take slowly':
        await delay(SLOW_MS);
        break;
      case 'take':
    }
    response.writeHead(200).end();
    return true;
  }

  private habitFor(what: string): (typeof HABITS)[number] {
    if (this.known.has(what)) return 'take';
    this.known.add(what);
    return HABITS[this.known.size % HABITS.length] ?? 'take';
  }
}
