import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';

const modelIds = [
  'sim-chat',
  'sim-reasoner',
  'sim-vision',
  'sim-embedding',
  'sim-speech',
  'sim-transcribe',
  'sim-image',
  'omni-moderation-latest',
] as const;
const createdSeconds = 1_760_000_000;

export const handleListModels: Handler = async (exchange, context) => {
  const admission = await admit(exchange, context, { model: '', prompt: '' });
  if (admission.answered) return;
  await sendBody(exchange, JSON.stringify({ object: 'list', data: modelIds.map(toModel) }), admission.fault);
};

export const handleRetrieveModel: Handler = async (exchange, context) => {
  const model = exchange.parameters[0] ?? '';
  const admission = await admit(exchange, context, { model, prompt: '' });
  if (admission.answered) return;
  refuseMissingModel(model);
  await sendBody(exchange, JSON.stringify(toModel(model)), admission.fault);
};

/** Any model name is served but those that say they are missing. */
export function refuseMissingModel(model: string): void {
  if (!model.startsWith('missing-')) return;
  throw new SimulatedFailure('unknown-model', {
    status: 404,
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    parameter: 'model',
  });
}

function toModel(id: string): Record<string, unknown> {
  return { id, object: 'model', created: createdSeconds, owned_by: 'sluice-simulator' };
}
