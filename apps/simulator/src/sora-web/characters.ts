import { z } from 'zod';
import { chooseFault } from '../faults/choose-fault.js';
import { preempt } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { readJsonBody } from '../openai/read-json-body.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler, HandlerContext } from '../vendor.js';
import { samplePng } from '../videos/sample-png.js';
import type { Cameo } from './cameo-store.js';
import { enter, identify, refusal } from './enter.js';

const LONGEST_NAME = 200;
const finalizeSchema = z.strictObject({
  cameo_id: z.string(),
  username: z.string().regex(/^[\w.-]{1,40}$/),
  display_name: z.string().min(1).max(LONGEST_NAME),
  profile_asset_pointer: z.string(),
  instruction_set: z.string().nullable(),
  safety_instruction_set: z.string().nullable(),
});
const visibilitySchema = z.strictObject({ visibility: z.enum(['public', 'private']) });

/** GET /project_y/cameos/in_progress/{id} */
export const handleCameo: Handler = async (exchange, context) => {
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  const cameo = ownCameo(exchange.parameters[0] ?? '', account.name, context);
  failLook(cameo);
  await sendBody(exchange, JSON.stringify(renderCameo(cameo, { exchange, context, owner: account.username })), fault);
};

/** POST /characters/finalize. A fault with `accept-first`, marked in the name, comes after it was done. */
export const handleFinalize: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, finalizeSchema);
  const account = identify(exchange, context);
  const { state, vendor } = context;
  const { method, key = '' } = exchange.record;
  const subject = { model: 'character', prompt: value.display_name };
  state.journal.describe(exchange.record, { ...subject, bodyBytes: 0 });
  state.keys.admit(key);
  const fault = chooseFault(state, { path: exchange.path, key, method, ...subject });
  const take = () => {
    const cameo = ownCameo(value.cameo_id, account.name, context);
    if (cameo.characterId !== undefined) throw refusal(400, 'This cameo is finalized already.', 'already_finalized');
    if (!state.sora.cameos.isReady(cameo) || cameo.fault.videoFails || cameo.fault.moderated)
      throw refusal(400, 'This cameo is not ready.', 'not_ready');
    if (account.assets.get(value.profile_asset_pointer)?.use !== 'profile')
      throw refusal(400, 'Unknown profile picture.');
    if (state.sora.cameos.isTaken(value.username) || value.username.includes('raced'))
      throw refusal(400, 'This username is not available.', 'username_taken');
    cameo.characterId = state.sora.nextId('ch');
    cameo.username = value.username;
    cameo.displayName = value.display_name;
    cameo.picture = value.profile_asset_pointer;
    cameo.instructions = value.instruction_set;
    cameo.safetyInstructions = value.safety_instruction_set;
    return cameo.characterId;
  };
  const early = fault?.acceptFirst ? take() : undefined;
  if (fault !== undefined && (await preempt(exchange, fault, vendor))) return;
  await sendBody(exchange, JSON.stringify({ character: { character_id: early ?? take() } }), fault);
};

/** POST /project_y/cameos/by_id/{id}/update_v2 */
export const handleVisibility: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, visibilitySchema);
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  const cameo = ownCameo(exchange.parameters[0] ?? '', account.name, context);
  cameo.visibility = value.visibility;
  await sendBody(exchange, JSON.stringify({ visibility: value.visibility }), fault);
};

/** DELETE /project_y/characters/{id}: of a character, or of a cameo that is none yet. */
export const handleCharacterDelete: Handler = async (exchange, context) => {
  const { answered, account } = await enter(exchange, context);
  if (answered) return;
  const [id] = exchange.parameters;
  const { cameos } = context.state.sora;
  const cameo = cameos.of(account.name).find((one) => (one.characterId ?? one.id) === id);
  if (cameo === undefined) throw refusal(404, 'Character not found.');
  cameos.remove(cameo);
  exchange.response.writeHead(204).end();
};

/** GET /project_y/profile/search_mentions */
export const handleMentions: Handler = async (exchange, context) => {
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  const query = new URL(exchange.request.url ?? '/', 'http://localhost').searchParams;
  const { sora } = context.state;
  const found = sora.cameos
    .mentionable(account.name)
    .filter(({ username }) => username?.startsWith(query.get('username') ?? '') === true)
    .slice(0, Number(query.get('limit') ?? 10));
  const items = found.map(({ characterId, username, displayName, account: owner }) => ({
    profile: {
      user_id: characterId,
      username,
      display_name: displayName,
      owner_profile: { username: sora.account(owner).username },
    },
  }));
  await sendBody(exchange, JSON.stringify({ items, cursor: null }), fault);
};

/** GET /az/cameos/{id}: whoever has the link. */
export const handleCameoPicture: Handler = (exchange, { state }) => {
  const isThere = state.sora.cameos.find(exchange.parameters[0] ?? '') !== undefined;
  const isSigned = exchange.request.headers.authorization === undefined;
  if (isThere && isSigned) exchange.response.writeHead(200, { 'content-type': 'image/png' }).end(samplePng);
  else exchange.response.writeHead(isSigned ? 404 : 400).end();
};

function ownCameo(id: string, account: string, { state }: HandlerContext): Cameo {
  const cameo = state.sora.cameos.find(id);
  if (cameo?.account === account) return cameo;
  throw refusal(404, 'Cameo not found.');
}

function renderCameo(
  cameo: Cameo,
  { exchange, context, owner }: { exchange: Exchange; context: HandlerContext; owner: string | null },
): object {
  const { fault, id, characterId } = cameo;
  const hints = {
    display_name_hint: 'Somebody',
    username_hint: `${owner ?? 'nobody'}.somebody`,
    profile_asset_url: `http://${exchange.request.headers.host ?? '127.0.0.1'}/sora/az/cameos/${id}`,
    instruction_set_hint: 'Is calm.',
  };
  const none = { display_name_hint: null, username_hint: null, profile_asset_url: null, instruction_set_hint: null };
  if (!context.state.sora.cameos.isReady(cameo)) return { status: 'processing', status_message: 'Processing', ...none };
  if (fault.moderated) return { status: 'failed', status_message: 'This film violates our policies.', ...none };
  if (fault.videoFails) return { status: 'failed', status_message: 'Nobody was found in the film.', ...none };
  return { status: characterId === undefined ? 'processing' : 'finalized', status_message: 'Completed', ...hints };
}

/** The first look is let through. */
function failLook(cameo: Cameo): void {
  const { pollStatus, pollFailTimes = 1 } = cameo.fault;
  cameo.looks += 1;
  if (pollStatus === undefined || cameo.looks < 2 || cameo.looks > pollFailTimes + 1) return;
  throw new SimulatedFailure('fault', { status: pollStatus, message: `Simulated failure ${pollStatus}.` });
}
