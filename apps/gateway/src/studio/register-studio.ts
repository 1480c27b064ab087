import { GatewayError } from '@sluice/contracts/gateway-error';
import type { StudioAccounts } from '@sluice/domain-studio/studio-accounts';
import { ownerIdOf, type StudioUser } from '@sluice/domain-studio/studio-user';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bearerOf } from '../http/register-authentication.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is logged in; set on the studio's paths, all of which but sign-up and login need it. */
    studioUser: StudioUser | undefined;
  }
}

const STUDIO_ROUTE = /^\/api\/(?:auth|videos)(?:\/|$)/;
const GUARDED_ROUTE = /^\/api\/(?:auth\/(?:me|password)|videos)(?:\/|$)/;
/** Strangers may send these: a prompt of 1,000 characters is a few kilobytes, whatever it is written in. */
const LARGEST_BODY_BYTES = 64 * 1024;

/** Who is not logged in is refused before the body is read. By the route, whichever way the path was written. */
export function registerStudio(server: FastifyInstance, accounts: Pick<StudioAccounts, 'authenticate'>): void {
  server.decorateRequest('studioUser', undefined);
  const guard = async (request: FastifyRequest) => {
    const user = await accounts.authenticate(bearerOf(request));
    request.studioUser = user;
    // What a user makes belongs to an owner that no API key is.
    request.keyId = ownerIdOf(user.id);
  };
  server.addHook('onRoute', (route) => {
    if (STUDIO_ROUTE.test(route.url)) route.bodyLimit = LARGEST_BODY_BYTES;
    if (GUARDED_ROUTE.test(route.url)) route.onRequest = [...[route.onRequest ?? []].flat(), guard];
  });
}

export function studioUserOf({ studioUser }: FastifyRequest): StudioUser {
  if (!studioUser) throw new GatewayError('unauthenticated', 'You are not logged in.');
  return studioUser;
}
