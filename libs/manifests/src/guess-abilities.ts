import type { CredentialUse } from '@sluice/contracts/credential';

/** Names that tell what their models are for; the first that fits counts. What no name tells is for chat. */
const USES: readonly (readonly [RegExp, CredentialUse])[] = [
  [/embed|\bbge-|\be5-/i, 'embedding'],
  [/moderation|guard/i, 'moderation'],
  [/whisper|transcri|\basr\b/i, 'transcription'],
  [/\btts\b|speech/i, 'speech'],
  [/sora|\bveo|video|kling|seedance/i, 'video'],
  [/dall-e|image|imagine|flux|diffusion|seedream|midjourney/i, 'image'],
];

/** Families that see pictures. */
const SEES =
  /vision|[-_]vl\b|vl[-_\d]|gpt-4o|gpt-4\.1|gpt-4-turbo|gpt-[5-9]|\bo[1345](?:-|$)|claude|gemini|grok-[4-9]|pixtral|llava|llama-4|gemma-3|omni|multimodal/i;
/** Of families that see, those that do not. */
const BLIND = /\bo[13]-mini|o1-preview|audio/i;

/** Families that draw while they talk: what they are asked is a conversation all the same. */
const TALKS = /gemini|gpt-[4-9]|chat/i;

/** What a model is for, as far as its name tells. Only `auto` chooses by it. */
export function guessUse(model: string): CredentialUse {
  return USES.find(([pattern]) => pattern.test(model))?.[1] ?? 'chat';
}

/** What a model makes beside words where its upstream could do either, as far as its name tells. */
export function guessDrawing(model: string): 'video' | 'image' | undefined {
  const use = guessUse(model);
  if (use !== 'video' && use !== 'image') return undefined;
  return TALKS.test(model) ? undefined : use;
}

/** Whether it takes pictures, as far as its name tells. */
export function guessSight(model: string): boolean {
  return SEES.test(model) && !BLIND.test(model);
}
