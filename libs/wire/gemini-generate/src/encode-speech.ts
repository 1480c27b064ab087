import type { JsonObject } from '@sluice/contracts/json';
import type { SpeechRequest } from '@sluice/contracts/speech';
import { encodeVoice } from './voice.js';

/** The body that has a text spoken. The models take neither tools nor an instruction of the system's. */
export function encodeSpeech(request: SpeechRequest): JsonObject {
  return {
    contents: [{ role: 'user', parts: [{ text: textOf(request) }] }],
    generationConfig: { responseModalities: ['AUDIO'], speechConfig: encodeVoice(request.voice) },
  };
}

/** These models are told in words how to speak; where nothing is wished, the text goes alone, with nothing to be read out by mistake. */
function textOf({ input, instructions, speed }: SpeechRequest): string {
  const pace = paceOf(speed ?? 1);
  const wishes = [instructions?.trim(), pace && `Speak ${pace}.`].filter((wish) => wish !== undefined && wish !== '');
  return wishes.length === 0 ? input : `${wishes.join(' ')}\nSay:\n${input}`;
}

/** They know no factor. */
function paceOf(speed: number): string | undefined {
  if (speed < 0.7) return 'very slowly';
  if (speed < 0.95) return 'slowly';
  if (speed <= 1.05) return undefined;
  return speed <= 1.5 ? 'fast' : 'very fast';
}
