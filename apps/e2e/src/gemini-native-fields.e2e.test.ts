import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyGenerateBody } from './cases/generate-bodies.js';
import { sharedSluice } from './harness/shared-sluice.js';

const sluice = sharedSluice();
const MODEL = 'sim-gemini-3.5-flash';
const RUNS = 100;

interface Answer {
  candidates?: { content?: { parts?: { text?: string }[] } }[];
}

/** The upstream, which refuses what it does not know, tells the body that it got. */
it.each(['generateContent', 'streamGenerateContent'])('%s drops no field, whatever is asked', async (method) => {
  const property = fc.asyncProperty(anyGenerateBody, async (body) => {
    const answer = await sluice.call(`/v1beta/models/${MODEL}:${method}`, { body });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers['x-sluice-ignored-fields']).toBeUndefined();
    const told = [answer.json()].flat() as Answer[];
    const text = told.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []).map((part) => part.text ?? '');
    expect(JSON.parse(text.join(''))).toEqual(JSON.parse(JSON.stringify(body)));
  });
  await fc.assert(property, { numRuns: RUNS });
});
