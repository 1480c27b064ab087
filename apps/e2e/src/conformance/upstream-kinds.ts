import { randomBytes } from 'node:crypto';
import type { SluiceClient } from '../harness/sluice-client.js';

/** The models of one kind of upstream, by what they are used for here. */
export interface UpstreamKind {
  name: string;
  chat: string;
  /** Tells its thoughts before it answers. */
  reasoner?: string;
  vision?: string;
  keepsToSchemas: boolean;
  /** It knows a limit of tokens, and tells when it was met. */
  cutsShort: boolean;
}

const ABLE = { keepsToSchemas: true, cutsShort: true };

const DEMO_KINDS: readonly UpstreamKind[] = [
  { name: 'openai', chat: 'sim-chat', reasoner: 'sim-reasoner', vision: 'sim-vision', ...ABLE },
  { name: 'grok', chat: 'sim-grok-4.5', reasoner: 'sim-grok-4.5', vision: 'sim-grok-4.5', ...ABLE },
  // Its thoughts are told to who asks for them, and a Chat Completions client has no word for that.
  { name: 'gemini', chat: 'sim-gemini-3.5-flash', vision: 'sim-gemini-3.5-flash', ...ABLE },
];

/** Once per run: those of the demo, and one that an operator adds. */
export async function prepareUpstreamKinds(client: SluiceClient): Promise<UpstreamKind[]> {
  return [...DEMO_KINDS, await prepareDegpt(client)];
}

/** The simulator lets every visitor in; the thinker's name is its own. */
async function prepareDegpt(client: SluiceClient): Promise<UpstreamKind> {
  const id = randomBytes(16).toString('hex');
  const [chat, reasoner] = [`degpt-${id.slice(0, 8)}`, 'degpt-thinker'];
  await client.admin.createModel({
    kind: 'degpt',
    secret: { id },
    baseUrl: `${client.run.simulator ?? ''}/degpt/api`,
    models: [chat, reasoner],
  });
  return { name: 'degpt', chat, reasoner, vision: chat, keepsToSchemas: false, cutsShort: false };
}
