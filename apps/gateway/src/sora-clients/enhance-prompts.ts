import type { ChatRequest, Message } from '@sluice/contracts/chat';
import { readSoraName, type SoraName } from '@sluice/manifests/sora-names';
import type { AroundCall } from '../generations/around-call.js';

const LENGTHS = { short: 'one or two sentences', medium: 'one paragraph', long: 'several paragraphs' } as const;

/** A conversation with a name that enhances prompts is its last words, and what is to be done with them: any model that talks can. */
export const enhancePrompts: AroundCall = (call) => {
  const { input } = call;
  const name = input.kind === 'chat' ? readSoraName(input.request.model) : undefined;
  if (input.kind !== 'chat' || name?.work !== 'enhance') return call;
  return { ...call, input: { kind: 'chat', request: enhancing(input.request, name) } };
};

function enhancing(request: ChatRequest, name: SoraName): ChatRequest {
  const last = request.messages.findLast(({ role }) => role === 'user');
  const told: Message = { role: 'system', content: [{ type: 'text', text: instruction(name) }] };
  return { ...request, messages: last ? [told, last] : [told] };
}

function instruction({ expansion = 'medium', seconds = 10 }: SoraName): string {
  return (
    `Rewrite what the user writes as a prompt for a video model that makes a film of ${seconds} seconds. ` +
    'Keep what it says, and add what is to be seen and heard: subject, setting, light, camera, movement, sound. ' +
    `Answer with the prompt alone, in the user's language, in ${LENGTHS[expansion]}.`
  );
}
