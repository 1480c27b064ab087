import { Agent, buildConnector, Pool, ProxyAgent, Socks5ProxyAgent, type Dispatcher } from 'undici';
import { guardedLookup } from './guarded-lookup.js';
import { holdingEnds } from './held-end.js';
import { PlaceReader } from './place.js';
import { ProxyPool } from './proxy-pool.js';

export interface HttpAgentsOptions {
  connectionsPerOrigin?: number;
  connectTimeoutMs: number;
}

/** Connection pools per origin, shared by all ports of a process. */
export interface HttpAgents {
  readonly places: PlaceReader;
  dispatcher(options: { allowPrivateNetwork: boolean; proxyUrl?: string | undefined }): Dispatcher;
  close(): Promise<void>;
}

/** A connection carries one call at a time; as many calls as a worker may run must find one. */
const CONNECTIONS_PER_ORIGIN = 4_096;
/** Below the 5 s and more after which servers close an idle connection, to meet that race seldom. */
const KEEP_ALIVE_MS = 4_000;

export function createHttpAgents(options: HttpAgentsOptions): HttpAgents {
  const agents = new Map<string, Agent | ProxyAgent | Socks5ProxyAgent>();

  return {
    places: new PlaceReader(),
    dispatcher({ allowPrivateNetwork, proxyUrl }) {
      const key = `${allowPrivateNetwork ? 'open' : 'guarded'} ${proxyUrl ?? ''}`;
      const found = agents.get(key);
      if (found) return found;
      const settings = agentSettings(options, allowPrivateNetwork);
      const agent = proxyUrl === undefined ? new Agent(settings) : createProxyAgent(proxyUrl, options);
      agents.set(key, agent);
      return agent;
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

function agentSettings(options: HttpAgentsOptions, allowPrivateNetwork: boolean): Agent.Options {
  return {
    connections: options.connectionsPerOrigin ?? CONNECTIONS_PER_ORIGIN,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: holdingEnds(
      buildConnector({
        timeout: options.connectTimeoutMs,
        ...(allowPrivateNetwork ? {} : { lookup: guardedLookup }),
      }),
    ),
  };
}

/** The proxy is the operator's, wherever it stands; names behind it are resolved by it. */
function createProxyAgent(uri: string, options: HttpAgentsOptions): ProxyAgent | Socks5ProxyAgent {
  if (uri.startsWith('socks5:')) {
    const { connect: _connect, ...settings } = agentSettings(options, true);
    return new Socks5ProxyAgent(uri, settings);
  }
  return new ProxyAgent({
    ...agentSettings(options, true),
    uri,
    proxyTunnel: true,
    // A proxy that says nothing is as one that cannot be reached.
    clientFactory: (origin, settings) =>
      new ProxyPool(origin, { ...settings, headersTimeout: options.connectTimeoutMs }),
    factory: (origin, settings: Pool.Options) => {
      const { connect } = settings;
      return new Pool(origin, { ...settings, ...(typeof connect === 'function' && { connect: holdingEnds(connect) }) });
    },
    proxyTls: { timeout: options.connectTimeoutMs },
    requestTls: { timeout: options.connectTimeoutMs },
  });
}
