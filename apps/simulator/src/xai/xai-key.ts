import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import type { Handler } from '../vendor.js';

const MODELS = ['sim-grok-4.5', 'sim-grok-4.3', 'sim-grok-imagine-image', 'sim-grok-imagine-video'];
const CREATED_SECONDS = 1_780_000_000;

/** GET /v1/models */
export const handleXaiModels: Handler = async (exchange, context) => {
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const data = MODELS.map((id) => ({ id, created: CREATED_SECONDS, object: 'model', owned_by: 'xai', aliases: [] }));
  await sendBody(exchange, JSON.stringify({ object: 'list', data }), fault);
};

/** GET /v1/api-key: what the key itself is. */
export const handleApiKey: Handler = async (exchange, context) => {
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const key = {
    redacted_api_key: `xai-...${(exchange.record.key ?? '').slice(-4)}`,
    name: 'simulated',
    team_id: '00000000-0000-4000-8000-000000000000',
    acls: ['api-key:model:*', 'api-key:endpoint:*'],
    team_blocked: false,
    api_key_blocked: false,
    api_key_disabled: false,
  };
  await sendBody(exchange, JSON.stringify(key), fault);
};
