import { z } from 'zod';
import type { Incoming } from '../http/incoming.js';
import { Router } from '../http/router.js';
import { sendJson } from '../http/send-text.js';
import type { SimulatorState } from '../simulator-state.js';
import { controlRoutes } from './control-routes.js';

const router = new Router(controlRoutes);

/** Answers the control endpoint, to callers on this machine only. Its requests are not in the journal. */
export async function handleControl(incoming: Incoming, state: SimulatorState): Promise<void> {
  const { request, response, path } = incoming;
  if (!isLoopback(request.socket.remoteAddress))
    return refuse(incoming, 403, 'The control endpoint answers loopback callers only.');
  const found = router.find(request.method ?? '', path);
  if (found === undefined) return refuse(incoming, 404, `No control at ${request.method} ${path}.`);
  try {
    await found.route.handle({ ...incoming, parameters: found.parameters, state });
  } catch (error) {
    if (!response.headersSent)
      refuse(incoming, 400, error instanceof z.ZodError ? z.prettifyError(error) : String(error));
  }
}

function refuse({ response }: Incoming, status: number, message: string): void {
  sendJson(response, status, { error: { message } });
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address);
}
