import type { Server } from 'node:http';
import { z } from 'zod';
import { type WebSocket, WebSocketServer } from 'ws';
import { samplePng } from '../videos/sample-png.js';
import type { SimulatorState } from '../simulator-state.js';
import { grokVendor } from './grok-vendor.js';

const PATH = '/grok/ws/imagine/listen';
const PICTURES = 4;
const COST = 4;
const FORBIDDEN = /\bforbidden\b/i;

const requestSchema = z.looseObject({
  type: z.literal('conversation.item.create'),
  item: z.looseObject({
    content: z.array(
      z.looseObject({ type: z.string(), text: z.string().optional(), requestId: z.string().optional() }),
    ),
  }),
});

/** The drawing page's websocket. A session whose value says "nosocket" is not taken in. */
export function listenForDrawings(server: Server, state: SimulatorState): void {
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, stream, head) => {
    const key = grokVendor.keyOf(request.headers);
    if (request.url !== PATH || key === undefined || key.includes('nosocket'))
      return void stream.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.on('message', (data) => answer(socket, { text: textOf(data), key, state }));
    });
  });
}

function answer(socket: WebSocket, { text, key, state }: { text: string; key: string; state: SimulatorState }): void {
  const parsed = requestSchema.safeParse(parse(text));
  const wish = parsed.success ? parsed.data.item.content.find(({ type }) => type.startsWith('input_')) : undefined;
  if (wish === undefined) return;
  const { text: prompt = '', requestId } = wish;
  const send = (message: object): void => socket.send(JSON.stringify({ request_id: requestId, ...message }));
  if (!state.grok.spend(key, { name: 'grok-3', cost: COST }))
    return send({ type: 'error', err_code: 'rate_limit_exceeded', err_msg: 'Image rate limit exceeded' });
  const moderated = FORBIDDEN.test(prompt);
  for (let order = 0; order < PICTURES; order += 1) {
    const picture = { type: 'image', id: state.grok.nextId('drawing'), order, width: 1, height: 1 };
    send({ ...picture, blob: samplePng.subarray(0, 24).toString('base64'), percentage_complete: 40 });
    if (!moderated) send({ ...picture, blob: samplePng.toString('base64'), percentage_complete: 100 });
    send({ type: 'json', order, current_status: 'completed', percentage_complete: 100, moderated });
  }
}

/** What is no JSON is no wish. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(data: unknown): string {
  return Buffer.isBuffer(data) ? data.toString('utf8') : String(data);
}
