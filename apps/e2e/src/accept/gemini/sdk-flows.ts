import type { Check } from '../capability.js';
import { runTests } from './run-tests.js';

const FLOWS: readonly [title: string, file: string][] = [
  ['@google/genai: streams, tools over ten turns with signatures, embeddings, models', 'gemini'],
  ['all SDKs: pictures, speech, sound and films, sources', 'gemini-media'],
  ['@google/genai and openai: files', 'google-files'],
  ['@google/genai and openai: Veo operations', 'veo'],
  ['openai and Anthropic: chats, ten turns of tools, schemas, pictures, embeddings', 'gemini-upstream'],
  ['generateContent drops no field, whatever is asked: bodies of the whole schema at random', 'gemini-native-fields'],
  ['suffixes, options, addresses and the import of Gemini Balance', 'gemini-options'],
];

/** With only the base URL changed: that is how these tests make their clients. */
export function sdkChecks(): Check[] {
  return FLOWS.map(([title, name]) => ({ title, prove: () => runTests([`apps/e2e/src/${name}.e2e.test.ts`]) }));
}
