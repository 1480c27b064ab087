import { expect, it } from 'vitest';
import { guessDrawing, guessSight, guessUse } from './guess-abilities.js';

it.each([
  ['gpt-5', 'chat'],
  ['vendor/some-model', 'chat'],
  ['sim-chat', 'chat'],
  ['text-embedding-3-small', 'embedding'],
  ['gpt-4o-mini-tts', 'speech'],
  ['gpt-4o-transcribe', 'transcription'],
  ['whisper-1', 'transcription'],
  ['omni-moderation-latest', 'moderation'],
  ['gpt-image-2', 'image'],
  ['gemini-2.5-flash-image', 'image'],
  ['sora-2', 'video'],
  ['veo-3.1', 'video'],
])('%s is for %s', (model, use) => expect(guessUse(model)).toBe(use));

it.each([
  ['sim-vision', true],
  ['gpt-4o-mini', true],
  ['claude-sonnet-5', true],
  ['gemini-3-pro', true],
  ['qwen3-vl-plus', true],
  ['o3', true],
  ['o3-mini', false],
  ['deepseek-chat', false],
  ['sim-chat', false],
])('%s sees: %s', (model, sees) => expect(guessSight(model)).toBe(sees));

it.each([
  ['gpt-image-2', 'image'],
  ['dall-e-3', 'image'],
  ['grok-imagine-1.0', 'image'],
  ['sora-2', 'video'],
  ['grok-imagine-1.0-video', 'video'],
  ['gemini-2.5-flash-image', undefined],
  ['openai/gpt-5-image', undefined],
  ['grok-4', undefined],
])('%s draws instead of talking: %s', (model, drawing) => expect(guessDrawing(model)).toBe(drawing));
