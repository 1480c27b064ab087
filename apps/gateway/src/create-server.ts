import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomHex } from '@sluice/contracts/generation-id';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { registerImport } from './admin/register-import.js';
import type { GatewayConfig } from './gateway-environment.js';
import type { RawRequest } from './extra-routes/path-rewriter.js';
import { GatewayModule } from './gateway.module.js';
import type { GatewayServices } from './gateway-services.js';
import { registerBatches } from './batches/register-batches.js';
import { registerAuthentication } from './http/register-authentication.js';
import { registerHooks } from './http/register-hooks.js';
import { sendError } from './http/send-error.js';
import { toErrorData } from './http/to-error-data.js';
import { registerIdempotency } from './idempotency/register-idempotency.js';
import { registerStudio } from './studio/register-studio.js';
import { registerUploads } from './gemini/register-uploads.js';
import { registerMultipart } from './media/register-multipart.js';

/** Slow senders of headers and bodies hold a socket no longer than this. */
const REQUEST_TIMEOUT_MS = 120_000;
const KEEP_ALIVE_MS = 75_000;
const LONGEST_PATH_PARAMETER = 512;

/** The gateway's HTTP server, not yet listening. */
export async function createServer(config: GatewayConfig, services: GatewayServices): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: config.SLUICE_MAX_BODY_BYTES,
    trustProxy: config.SLUICE_TRUST_PROXY,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // There is none in Express's form, which would be looked for at every request.
    skipMiddie: true,
    rewriteUrl: (request: RawRequest) => services.paths.rewrite(request),
    genReqId: () => `req_${randomHex(24)}`,
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER, ignoreTrailingSlash: true },
    // Malformed URLs and the like, which never reach a route.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendError(request, reply, toErrorData(error, request)),
  });
  const server = adapter.getInstance<FastifyInstance>();
  registerHooks(server, services.metrics);
  registerAuthentication(server, services.authentication);
  registerBatches(server, services.batches);
  registerStudio(server, services.studio.accounts);
  registerMultipart(server);
  registerIdempotency(server, services.idempotency);
  registerImport(server, services.imports);
  registerUploads(server, services.gemini.uploads);
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.with(services), adapter, {
    logger: false,
    abortOnError: false,
  });
  await app.init();
  return app;
}
