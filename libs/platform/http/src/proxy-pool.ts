import { Pool, type Dispatcher } from 'undici';

/** Connections to a proxy, for tunnels. */
export class ProxyPool extends Pool {
  override connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>;
  override connect(
    options: Dispatcher.ConnectOptions,
    callback: (error: Error | null, data: Dispatcher.ConnectData) => void,
  ): void;
  override connect(
    options: Dispatcher.ConnectOptions,
    callback?: (error: Error | null, data: Dispatcher.ConnectData) => void,
  ): Promise<Dispatcher.ConnectData> | void {
    if (callback) return super.connect(options, callback);
    return super.connect(options).catch(refused);
  }
}

/**
 * A proxy that hangs up on us. By its own code undici would take it for a connection of the upstream's that can be made anew, and
 * would call the proxy again and again, without a pause or an end.
 */
function refused(cause: unknown): never {
  throw Object.assign(new Error('The proxy gave no tunnel.', { cause }), { code: 'ERR_PROXY_TUNNEL' });
}
