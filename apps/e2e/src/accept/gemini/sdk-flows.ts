import type { Check } from '../capability.js';
import { runTests } from './run-tests.js';

const NATIVE = ['gemini', 'gemini-media', 'google-files', 'veo', 'gemini-native-fields'];
const OTHERS = ['gemini-upstream', 'gemini-options'];
const LARGE = ['large-files'];

/** With only the base URL changed: that is how these tests make their clients. */
export function sdkChecks(): Check[] {
  const testsOf = (names: readonly string[]) => runTests(names.map((name) => `apps/e2e/src/${name}.e2e.test.ts`));
  return [
    {
      title:
        '@google/genai: streams, ten turns of signed tools, pictures, speech, embeddings, files, Veo; no field of generateContent is dropped',
      prove: () => testsOf(NATIVE),
    },
    {
      title: 'openai and Anthropic SDKs: the same features; suffixes, options and addresses of existing deployments',
      prove: () => testsOf(OTHERS),
    },
    {
      title:
        'a film of 33 MiB, in every dialect: one upload to each project, gone on with where it broke off, sent anew where it was dropped',
      prove: () => testsOf(LARGE),
    },
  ];
}
