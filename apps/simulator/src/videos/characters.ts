import { z } from 'zod';
import { chooseFault } from '../faults/choose-fault.js';
import { preempt } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import { parseMultipart } from '../http/parse-multipart.js';
import { readBytes } from '../http/read-bytes.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { SimulatorState } from '../simulator-state.js';
import type { Handler } from '../vendor.js';
import type { CharacterRecord } from './video-store.js';

const LONGEST_NAME = 80;
const MOST_IN_A_VIDEO = 2;
const namedSchema = z.array(z.object({ id: z.string() })).max(MOST_IN_A_VIDEO);

/** POST /v1/videos/characters: what shall go wrong is marked in the name. */
export const handleCharacterCreate: Handler = async (exchange, context) => {
  const { state, vendor } = context;
  const { key = '', method } = exchange.record;
  const bytes = await readBytes(exchange.request);
  const parts = parseMultipart(bytes, exchange.request.headers['content-type'] ?? '') ?? [];
  const film = parts.find(({ name }) => name === 'video');
  const name = parts.find((part) => part.name === 'name')?.bytes.toString() ?? '';
  const subject = { model: 'character', prompt: name };
  state.journal.describe(exchange.record, { ...subject, bodyBytes: bytes.length });
  state.keys.admit(key);
  if (film?.filename === undefined) throw bad("Missing required parameter: 'video'.", 'video');
  if (name === '' || name.length > LONGEST_NAME) throw bad("'name' has 1 to 80 characters.", 'name');
  const fault = chooseFault(state, { path: exchange.path, key, method, ...subject });
  const take = () => state.videos.addCharacter({ key, name });
  const early = fault?.acceptFirst ? take() : undefined;
  if (fault !== undefined && (await preempt(exchange, fault, vendor))) return;
  await sendBody(exchange, JSON.stringify(render(early ?? take())), fault);
};

/** GET /v1/videos/characters/{id} */
export const handleCharacter: Handler = async (exchange, { state }) => {
  const { key = '' } = exchange.record;
  state.keys.admit(key);
  const id = exchange.parameters[0] ?? '';
  const found = state.videos.character(id, key);
  if (!found) throw new SimulatedFailure('invalid-request', { status: 404, message: `Character '${id}' not found.` });
  await sendBody(exchange, JSON.stringify(render(found)), undefined);
};

/** Those who are to appear have to be the account's own. */
export function checkCharacters(written: unknown, key: string, { videos }: SimulatorState): void {
  if (written === undefined) return;
  const parsed = namedSchema.safeParse(typeof written === 'string' ? JSON.parse(written) : written);
  if (!parsed.success) throw bad("'characters' names at most two by their ids.", 'characters');
  for (const { id } of parsed.data)
    if (!videos.character(id, key)) throw bad(`Character '${id}' not found.`, 'characters');
}

function render({ id, name, createdAtMs }: CharacterRecord): object {
  return { id, name, created_at: Math.floor(createdAtMs / 1_000) };
}

function bad(message: string, parameter: string): SimulatedFailure {
  return new SimulatedFailure('invalid-request', { status: 400, message, parameter });
}
