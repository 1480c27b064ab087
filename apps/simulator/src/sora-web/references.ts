import { z } from 'zod';
import { sendBody } from '../faults/send-body.js';
import { readJsonBody } from '../openai/read-json-body.js';
import type { Handler } from '../vendor.js';
import { enter, refusal } from './enter.js';

const referenceSchema = z.strictObject({
  name: z.string().min(1),
  display_name: z.string().min(1),
  description: z.string(),
  type: z.enum(['character', 'setting', 'style', 'other']),
  asset_pointers: z.array(z.string()).min(1),
});
const PER_PAGE = 20;

/** POST /project_y/references/create */
export const handleReferenceCreate: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, referenceSchema);
  const { answered, fault, account } = await enter(exchange, context, { prompt: value.description });
  if (answered) return;
  const unknown = value.asset_pointers.find((pointer) => !account.assets.has(pointer));
  if (unknown !== undefined) throw refusal(400, `Unknown asset ${unknown}.`);
  const reference = { id: context.state.sora.nextId('ref', 32), ...value };
  account.references.set(reference.id, reference);
  await sendBody(exchange, JSON.stringify({ reference_info: rendered(reference) }), fault);
};

/** GET /project_y/references/mine */
export const handleReferences: Handler = async (exchange, context) => {
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  const items = [...account.references.values()].slice(0, PER_PAGE).map(rendered);
  await sendBody(exchange, JSON.stringify({ items, cursor: null }), fault);
};

/** PUT /project_y/references/{id} */
export const handleReferenceChange: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, referenceSchema.partial());
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  const before = account.references.get(exchange.parameters[0] ?? '');
  if (before === undefined) throw refusal(404, 'Reference not found.');
  const changed = { ...before, ...Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) };
  account.references.set(before.id, changed);
  await sendBody(exchange, JSON.stringify({ reference_info: rendered(changed) }), fault);
};

/** DELETE /project_y/references/{id} */
export const handleReferenceDelete: Handler = async (exchange, context) => {
  const { answered, account } = await enter(exchange, context);
  if (answered) return;
  if (!account.references.delete(exchange.parameters[0] ?? '')) throw refusal(404, 'Reference not found.');
  exchange.response.writeHead(204).end();
};

function rendered({ id, ...reference }: { id: string }) {
  return { reference_id: id, ...reference };
}
