import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MessageSocket } from '@sluice/contracts/http-port';
import type { ImageRequest } from '@sluice/contracts/image';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { HeldFile } from '@sluice/upstream-kit/job';
import { parseJson } from '@sluice/upstream-kit/read-json';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { randomUUID } from 'node:crypto';
import type { WebCredential } from './grok.credential.js';
import { asRefusal, toFailure } from './web.error.js';
import { ImagineCollector } from './web.imagine-collector.js';
import { webHeaders } from './web.request.js';
import { ratioFor } from './xai.aspect-ratio.js';

type Context = UpstreamContext<WebCredential>;

const RATIOS = ['1:1', '16:9', '9:16', '2:3', '3:2'];
const USUAL_RATIO = '2:3';
/** A request makes four to six. */
const PICTURES_A_REQUEST = 4;

/**
 * Pictures by the websocket of the site's drawing page, which keeps to a shape. Undefined where it takes nobody in: nothing was
 * asked for then, and a chat can make them.
 */
export async function imagine(request: ImageRequest, context: Context): Promise<HeldFile[] | undefined> {
  const { count = 1, prompt: text } = request;
  const aspectRatio = ratioOf(request);
  const made: HeldFile[] = [];
  while (made.length < count) {
    try {
      const socket = await connect(context);
      if (socket === undefined) return made.length === 0 ? undefined : made;
      const wish = requestOf({ text, aspectRatio, timestamp: context.clock.now() });
      made.push(...(await draw(socket, { wish, count: Math.min(count - made.length, PICTURES_A_REQUEST) })));
    } catch (thrown) {
      // What is there was paid for, and is told.
      if (made.length === 0) throw thrown;
      break;
    }
  }
  return made;
}

async function draw(socket: MessageSocket, { wish, count }: { wish: string; count: number }): Promise<HeldFile[]> {
  const collector = new ImagineCollector();
  try {
    socket.send(wish);
    for await (const message of socket.messages) {
      collector.read(readMessage(message));
      if (collector.finished >= count) break;
    }
  } catch (thrown) {
    // What is whole by then was paid for, and is told.
    if (collector.finished === 0) throw collector.hasBegun ? thrown : asRefusal(thrown);
  } finally {
    socket.close();
  }
  return collector.take(count);
}

async function connect({ http, baseUrl, signal, ...context }: Context): Promise<MessageSocket | undefined> {
  if (!http.connect) return undefined;
  const url = `${baseUrl.replace(/^http/, 'ws')}/ws/imagine/listen`;
  const { accept: _, ...headers } = webHeaders({ http, baseUrl, signal, ...context }, '/imagine');
  try {
    return await http.connect({ url, headers, signal });
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.code === 'upstream_unreachable') return undefined;
    throw thrown;
  }
}

/** What the site draws where nobody asks for a shape stands upright. */
function ratioOf({ size, aspectRatio }: ImageRequest): string {
  const ratio = size === undefined ? (aspectRatio ?? USUAL_RATIO) : ratioFor(size, RATIOS);
  if (ratio !== undefined && RATIOS.includes(ratio)) return ratio;
  throw new GatewayError('unsupported', `The website makes pictures of ${RATIOS.join(', ')}.`, {
    saw: 'nothing',
    param: size === undefined ? 'aspect_ratio' : 'size',
  });
}

interface Wish {
  text: string;
  aspectRatio: string;
  timestamp: number;
}

function requestOf({ text, aspectRatio, timestamp }: Wish): string {
  const properties = {
    section_count: 0,
    is_kids_mode: false,
    enable_nsfw: false,
    skip_upsampler: false,
    is_initial: false,
    aspect_ratio: aspectRatio,
  };
  const content = [{ requestId: randomUUID(), text, type: 'input_scroll', properties }];
  const item = { type: 'message', content };
  return JSON.stringify({ type: 'conversation.item.create', timestamp, item });
}

function readMessage(text: string): JsonObject {
  const message = parseJson(text);
  if (!isJsonObject(message)) return {};
  if (message['type'] !== 'error') return message;
  const { err_code: code, errCode, err_msg: told, err_message: other } = message;
  const words = [told, other, code, errCode].filter((each) => typeof each === 'string');
  throw toFailure({ message: words.join(' ') || 'The upstream failed while it drew.' });
}
