import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** Stands between a client and a server, where it can make the way slow or cut it. */
export class TcpProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private delayMs = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(targetPort: number): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const proxy = new TcpProxy(server, typeof address === 'object' && address !== null ? address.port : 0);
    server.on('connection', (client) => proxy.join(client, targetPort));
    return proxy;
  }

  /** What passes from now on comes so much later. */
  setDelay(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** As a broken switch does it: no goodbye. */
  resetAll(): void {
    for (const [client, server] of this.pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  close(): void {
    this.server.close();
    this.resetAll();
  }

  private join(client: Socket, targetPort: number): void {
    const server = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const pair = [client, server] as const;
    this.pairs.add(pair);
    const part = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of pair) socket.on('error', part).on('close', part);
    this.pass(client, server);
    this.pass(server, client);
  }

  private pass(from: Socket, to: Socket): void {
    const lane = new Lane(() => this.delayMs);
    from.on('data', (bytes) => lane.add(() => to.writable && to.write(bytes)));
    from.on('end', () => lane.add(() => to.end()));
  }
}

/** One direction of a connection: what was later may never come sooner. */
class Lane {
  private readonly waiting: { dueMs: number; work: () => void }[] = [];

  constructor(private readonly delayMs: () => number) {}

  add(work: () => void): void {
    const delayMs = this.delayMs();
    if (delayMs === 0 && this.waiting.length === 0) return work();
    this.waiting.push({ dueMs: performance.now() + delayMs, work });
    if (this.waiting.length === 1) this.next();
  }

  private next(): void {
    const [first] = this.waiting;
    if (first === undefined) return;
    setTimeout(
      () => {
        first.work();
        this.waiting.shift();
        this.next();
      },
      Math.max(0, first.dueMs - performance.now()),
    );
  }
}
