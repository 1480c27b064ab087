import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Caller } from '@sluice/domain-accounts/api-key-authenticator';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { headerOf } from './call-context.js';

const KEY_PATH = /^\/(?:api\/)?(?:v1|v1beta|upload\/v1beta)(?:[/?]|$)/;
const ADMIN_PATH = /^\/(?:admin\/api|metrics)(?:[/?]|$)/;

export interface AuthenticationOptions {
  /** Answers at once for a key that it knows. Throws, or rejects with, `unauthenticated`. */
  authenticate(presented: string | undefined): Caller | Promise<Caller>;
  /** The key in whose name we call ourselves: what was presented is then a pass of ours, not a key. */
  findPass?(presented: string | undefined): string | undefined;
  isAdminToken(presented: string | undefined): boolean;
}

type Done = (error?: Error) => void;

/** Refuses strangers before their bodies are read. */
export function registerAuthentication(server: FastifyInstance, options: AuthenticationOptions): void {
  server.decorateRequest('keyId', undefined);
  server.decorateRequest('isDeferred', false);
  server.addHook('onRequest', (request, _reply, done: Done) => {
    // By the route, too: the router also finds it under names that are written otherwise.
    if (ADMIN_PATH.test(request.url) || ADMIN_PATH.test(request.routeOptions.url ?? ''))
      return checkAdmin(options, request, done);
    if (!KEY_PATH.test(request.url)) return done();
    try {
      const presented = presentedKey(request);
      const passedFor = options.findPass?.(presented);
      if (passedFor !== undefined) return defer(request, passedFor, done);
      const caller = options.authenticate(presented);
      if (!(caller instanceof Promise)) return admit(request, caller, done);
      caller.then((found) => admit(request, found, done), done);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function admit(request: FastifyRequest, caller: Caller, done: Done): void {
  request.keyId = caller.keyId;
  done();
}

function defer(request: FastifyRequest, keyId: string, done: Done): void {
  request.keyId = keyId;
  request.isDeferred = true;
  done();
}

function checkAdmin(options: AuthenticationOptions, request: FastifyRequest, done: Done): void {
  const token = bearerOf(request);
  if (options.isAdminToken(token)) return done();
  done(
    new GatewayError(
      'unauthenticated',
      token ? 'The admin token is not valid.' : 'An admin token is required: Authorization: Bearer <token>.',
    ),
  );
}

/** Every header that a dialect's SDK puts its key in; empty ones count as absent. */
function presentedKey(request: FastifyRequest): string | undefined {
  return (
    headerOf(request, 'x-api-key') ?? headerOf(request, 'x-goog-api-key') ?? bearerOf(request) ?? keyInQuery(request)
  );
}

export function bearerOf(request: FastifyRequest): string | undefined {
  const [, token] = /^Bearer\s+(\S.*)$/i.exec(headerOf(request, 'authorization') ?? '') ?? [];
  return token?.trim() || undefined;
}

function keyInQuery(request: FastifyRequest): string | undefined {
  const query = request.url.indexOf('?');
  if (query < 0) return undefined;
  return new URLSearchParams(request.url.slice(query + 1)).get('key') ?? undefined;
}
