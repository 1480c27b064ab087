import { z } from 'zod';
import { faultRuleSchema } from '../faults/fault-rules.js';
import { readBody } from '../http/read-body.js';
import type { Route } from '../http/router.js';
import type { Incoming } from '../http/incoming.js';
import { sendJson } from '../http/send-text.js';
import type { SimulatorState } from '../simulator-state.js';
import { findRequests, requestQuerySchema } from './find-requests.js';
import { keyStateSchema } from './key-states.js';
import { quotaSchema } from './quotas.js';
import { fileRuleSchema } from '../gemini/file-store.js';
import { imageQuerySchema } from '../openai/image-store.js';
import { soraAccountSchema, soraProofSchema, soraQuerySchema } from '../sora-web/sora-site.js';
import { videoDefaultsSchema, videoQuerySchema } from '../videos/video-store.js';
import { inboxQuerySchema } from '../webhooks/webhook-inbox.js';

export interface ControlCall extends Incoming {
  readonly parameters: readonly string[];
  readonly state: SimulatorState;
}

const clockSchema = z.strictObject({ advanceMs: z.number().int().min(0) });

type ControlHandler = (call: ControlCall) => Promise<void> | void;

/** The control endpoint: what was received, what shall go wrong. */
export const controlRoutes: readonly Route<ControlHandler>[] = [
  { method: 'GET', path: '/__control/health', handle: ({ response }) => sendJson(response, 200, { status: 'ok' }) },
  {
    method: 'GET',
    path: '/__control/requests',
    handle: async (call) => {
      const query = requestQuerySchema.parse(Object.fromEntries(queryOf(call)));
      sendJson(call.response, 200, await findRequests(call.state.journal, query, goneSignal(call)));
    },
  },
  {
    method: 'GET',
    path: '/__control/faults',
    handle: ({ response, state }) => sendJson(response, 200, { faults: state.rules.list() }),
  },
  {
    method: 'POST',
    path: '/__control/faults',
    handle: async (call) => {
      const rule = await readControlBody(call, faultRuleSchema);
      sendJson(call.response, 201, { id: call.state.rules.add(rule) });
    },
  },
  {
    method: 'DELETE',
    path: '/__control/faults',
    handle: ({ response, state }) => {
      state.rules.clear();
      sendJson(response, 200, { faults: [] });
    },
  },
  {
    method: 'DELETE',
    path: '/__control/faults/:id',
    handle: ({ response, parameters, state }) => {
      const isRemoved = state.rules.remove(parameters[0] ?? '');
      sendJson(response, isRemoved ? 200 : 404, { removed: isRemoved });
    },
  },
  {
    method: 'POST',
    path: '/__control/keys',
    handle: async (call) => {
      const keyState = await readControlBody(call, keyStateSchema);
      call.state.keys.declare(keyState);
      sendJson(call.response, 200, { state: keyState.state });
    },
  },
  {
    method: 'POST',
    path: '/__control/quotas',
    handle: async (call) => {
      call.state.quotas.declare(await readControlBody(call, quotaSchema));
      sendJson(call.response, 201, { declared: true });
    },
  },
  {
    method: 'POST',
    path: '/__control/google-files',
    handle: async (call) => {
      call.state.googleFiles.declare(await readControlBody(call, fileRuleSchema));
      sendJson(call.response, 201, { declared: true });
    },
  },
  {
    method: 'GET',
    path: '/__control/videos',
    handle: (call) => {
      const query = videoQuerySchema.parse(Object.fromEntries(queryOf(call)));
      sendJson(call.response, 200, call.state.videos.show(query));
    },
  },
  {
    method: 'POST',
    path: '/__control/videos',
    handle: async (call) => {
      call.state.videos.setDefaults(await readControlBody(call, videoDefaultsSchema));
      sendJson(call.response, 200, { set: true });
    },
  },
  {
    method: 'GET',
    path: '/__control/sora',
    handle: (call) => {
      const query = soraQuerySchema.parse(Object.fromEntries(queryOf(call)));
      sendJson(call.response, 200, call.state.sora.show(query));
    },
  },
  {
    method: 'POST',
    path: '/__control/sora/accounts',
    handle: async (call) => {
      call.state.sora.wish(await readControlBody(call, soraAccountSchema));
      sendJson(call.response, 200, { set: true });
    },
  },
  {
    method: 'POST',
    path: '/__control/sora/proof',
    handle: async (call) => {
      call.state.sora.demandProof(await readControlBody(call, soraProofSchema));
      sendJson(call.response, 200, { set: true });
    },
  },
  {
    method: 'POST',
    path: '/__control/clock',
    handle: async (call) => {
      const { advanceMs } = await readControlBody(call, clockSchema);
      sendJson(call.response, 200, { now: call.state.advance(advanceMs) });
    },
  },
  {
    method: 'GET',
    path: '/__control/images',
    handle: (call) => {
      const query = imageQuerySchema.parse(Object.fromEntries(queryOf(call)));
      sendJson(call.response, 200, call.state.images.show(query));
    },
  },
  {
    method: 'GET',
    path: '/__control/webhooks',
    handle: (call) => {
      const query = inboxQuerySchema.parse(Object.fromEntries(queryOf(call)));
      sendJson(call.response, 200, call.state.webhooks.show(query));
    },
  },
  {
    method: 'POST',
    path: '/__control/reset',
    handle: ({ response, state }) => {
      state.reset();
      sendJson(response, 200, { reset: true });
    },
  },
];

function goneSignal({ response }: ControlCall): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

function queryOf({ request }: ControlCall): URLSearchParams {
  return new URL(request.url ?? '/', 'http://localhost').searchParams;
}

async function readControlBody<Value>({ request }: ControlCall, schema: z.ZodType<Value>): Promise<Value> {
  return schema.parse(JSON.parse(await readBody(request)));
}
