import OpenAI from 'openai';
import OpenAICurrent from 'openai-current';
import type { SluiceClient } from '../../harness/sluice-client.js';

/** Both majors that are in use; neither tries again by itself. */
export function openaiSdks({ run }: SluiceClient, apiKey = run.apiKey): [name: string, sdk: OpenAI][] {
  const options = { baseURL: `${run.gateway}/v1`, apiKey, maxRetries: 0 };
  return [
    ['the current openai SDK', new OpenAICurrent(options) as unknown as OpenAI],
    ['the openai SDK of the major before', new OpenAI(options)],
  ];
}
