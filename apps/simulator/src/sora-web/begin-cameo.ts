import { z } from 'zod';
import { chooseFault } from '../faults/choose-fault.js';
import { preempt } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { parseMultipart } from '../http/parse-multipart.js';
import { readBytes } from '../http/read-bytes.js';
import { readJsonBody } from '../openai/read-json-body.js';
import type { Handler, HandlerContext } from '../vendor.js';
import { keepVideoFields } from '../videos/video-fields.js';
import type { Cameo } from './cameo-store.js';
import { identify, refusal } from './enter.js';
import { stageOf } from './sora-task.js';

const LONGEST_PART_SECONDS = 60;
const timestampsSchema = z
  .tuple([z.number().min(0), z.number().max(LONGEST_PART_SECONDS)])
  .refine(([from, to]) => from < to, 'must go forward');
const draftSchema = z.strictObject({
  generation_id: z.string().startsWith('gen_'),
  character_id: z.null(),
  timestamps: timestampsSchema,
});
const MARKERS = /\[\[sim:[^\]]*\]\]/g;

/** POST /characters/upload: what shall become of it is marked in the film's name or among its bytes. */
export const handleCharacterUpload: Handler = async (exchange, context) => {
  const bytes = await readBytes(exchange.request);
  const parts = parseMultipart(bytes, exchange.request.headers['content-type'] ?? '') ?? [];
  const film = parts.find(({ name }) => name === 'file');
  if (film?.filename === undefined || film.mediaType !== 'video/mp4') throw refusal(400, "'file' is an MP4 film.");
  const written = parts.find(({ name }) => name === 'timestamps')?.bytes.toString() ?? '';
  const timestamps = timestampsSchema.safeParse(written.split(',').map(Number));
  if (!timestamps.success) throw refusal(400, "'timestamps' is two numbers, such as 0,3.");
  const marks = film.bytes.toString('latin1').match(MARKERS) ?? [];
  const note = [film.filename, ...marks].join(' ');
  await begin({ exchange, context, wish: { note, timestamps: timestamps.data, source: { film: film.bytes.length } } });
};

/** POST /characters/from-generation: of a draft of the account. */
export const handleCharacterDraft: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, draftSchema);
  const account = identify(exchange, context);
  const { sora, clock } = context.state;
  const task = sora.tasksOf(account.name).find(({ generationId }) => generationId === value.generation_id);
  if (task === undefined || stageOf(task, clock()).status !== 'done') throw refusal(404, 'Generation not found.');
  const { timestamps } = value;
  await begin({ exchange, context, wish: { note: task.prompt, timestamps, source: { draft: task.generationId } } });
};

/** A fault with `accept-first` comes after the cameo was begun, though nobody was told. */
async function begin({
  exchange,
  context,
  wish,
}: {
  exchange: Exchange;
  context: HandlerContext;
  wish: Pick<Cameo, 'note' | 'timestamps' | 'source'>;
}): Promise<void> {
  const { state, vendor } = context;
  const { method, key = '' } = exchange.record;
  const subject = { model: 'character', prompt: wish.note };
  state.journal.describe(exchange.record, { ...subject, bodyBytes: 0 });
  const account = identify(exchange, context);
  state.keys.admit(key);
  const fault = chooseFault(state, { path: exchange.path, key, method, ...subject });
  const take = (): Cameo => {
    if (!account.hasSora2) throw refusal(403, 'This account has no access to Sora 2.');
    if (state.sora.cameos.of(account.name).length >= account.places)
      throw refusal(400, 'You have reached the maximum number of characters.', 'too_many_cameos');
    const id = state.sora.nextId('cameo');
    return state.sora.cameos.add({ id, account: account.name, ...wish, fault: keepVideoFields(fault) });
  };
  const early = fault?.acceptFirst ? take() : undefined;
  if (fault !== undefined && (await preempt(exchange, fault, vendor))) return;
  const { id } = early ?? take();
  await sendBody(exchange, JSON.stringify({ id }), fault);
}
