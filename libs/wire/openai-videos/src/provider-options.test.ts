import { expect, it } from 'vitest';
import { isCarried, toProviderOptions } from './provider-options.js';

it('fields that Veo has go to it in its spelling, all to those who speak this dialect', () => {
  const options = toProviderOptions({ negative_prompt: 'dogs', seed: 5 });
  expect(options).toEqual({ sora: { negative_prompt: 'dogs', seed: 5 }, gemini: { negativePrompt: 'dogs' } });
  const carried = (upstream: string) => ['negative_prompt', 'seed'].map((field) => isCarried(field, upstream, options));
  expect([carried('sora'), carried('gemini'), carried('grok')]).toEqual([
    [true, true],
    [true, false],
    [false, false],
  ]);
  expect(toProviderOptions({})).toBeUndefined();
});
