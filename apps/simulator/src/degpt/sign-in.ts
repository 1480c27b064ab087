import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import { readJsonBody } from '../openai/read-json-body.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';
import { createToken } from './session-token.js';

const signInSchema = z.object({ id: z.string(), channel: z.string() });
const models = ['degpt-sim', 'degpt-thinker'];

/** POST /v1/auths/printSignIn: whoever has an id is let in, and becomes known by it. */
export const handleSignIn: Handler = async (exchange, context) => {
  const { text, value } = await readJsonBody(exchange, signInSchema);
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: value.id, bodyBytes: text.length });
  if (answered) return;
  if (!/^[0-9a-f]{32}$/.test(value.id))
    throw new SimulatedFailure('invalid-request', {
      status: 400,
      message: 'The id is not a visitor id.',
      parameter: 'id',
    });
  context.state.keys.admit(value.id);
  const session = { token: createToken(value.id, exchange.clock()), token_type: 'Bearer', id: value.id };
  const profile = {
    email: `${value.id}@degpt.simulated`,
    name: 'Visitor',
    role: 'visitor',
    models: '',
    language: 'en',
  };
  await sendBody(exchange, JSON.stringify({ ...session, ...profile }), fault);
};

/** GET /config */
export const handleConfig: Handler = async (exchange, context) => {
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  await sendBody(exchange, JSON.stringify({ status: true, version: '0.1', default_models: models.join(',') }), fault);
};
