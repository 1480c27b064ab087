import { runWithLogContext } from '@sluice/platform-logger/log-context';
import type { HistogramMetric, Metrics } from '@sluice/platform-telemetry/metrics';
import { familyOfPath } from '@sluice/wire-errors/dialect-family';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { headerOf } from './call-context.js';

const EXPOSED_HEADERS = [
  'x-request-id',
  'request-id',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'etag',
  'location',
  'accept-ranges',
  'content-range',
  'content-disposition',
  'openai-poll-after-ms',
  'idempotent-replayed',
  'x-sluice-generation',
  'x-sluice-upstream',
  'x-sluice-model',
  'x-sluice-ignored-fields',
  'x-sluice-missing-images',
  'x-sluice-session',
  'x-sluice-upstream-removal',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
].join(', ');

/** Ids, cross-origin rules and measurements of every request, whoever handles it. */
export function registerHooks(server: FastifyInstance, metrics: Metrics): void {
  const duration = metrics.histogram({
    name: 'sluice_http_request_duration_seconds',
    help: 'From the request line to the last byte of the answer.',
    labels: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
  });
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (familyOfPath(request.url, request.headers) === 'anthropic') reply.header('request-id', request.id);
    if (!isOpenPath(request.url)) return runWithLogContext({ requestId: request.id }, done);
    reply.header('access-control-allow-origin', '*');
    if (mayBeBrowser(request)) reply.header('access-control-expose-headers', EXPOSED_HEADERS);
    if (request.method === 'OPTIONS') return answerPreflight(request, reply);
    runWithLogContext({ requestId: request.id }, done);
  });
  const children = new Map<string, { observe(value: number): void }>();
  server.addHook('onResponse', (request, reply, done) => {
    observe({ children, duration, request, reply });
    done();
  });
}

/** API paths are open to any origin, since they are guarded by keys; the console's are not. */
function isOpenPath(url: string): boolean {
  return !url.startsWith('/admin') && !url.startsWith('/console');
}

/** Pages of other origins always name theirs when they post; what is fetched may be kept for one that does. */
function mayBeBrowser({ method, headers }: FastifyRequest): boolean {
  return method !== 'POST' || headers.origin !== undefined;
}

function answerPreflight(request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .header('access-control-allow-methods', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS')
    .header('access-control-allow-headers', headerOf(request, 'access-control-request-headers') ?? '*')
    .header('access-control-max-age', '86400')
    .status(204)
    .send();
}

function observe(options: {
  children: Map<string, { observe(value: number): void }>;
  duration: HistogramMetric<'method' | 'route' | 'status'>;
  request: FastifyRequest;
  reply: FastifyReply;
}): void {
  const { children, duration, request, reply } = options;
  const route = request.routeOptions.url ?? 'unknown';
  const key = `${request.method} ${route} ${reply.raw.statusCode}`;
  let child = children.get(key);
  if (!child) {
    child = duration.with({ method: request.method, route, status: reply.raw.statusCode });
    children.set(key, child);
  }
  child.observe(reply.elapsedTime / 1000);
}
