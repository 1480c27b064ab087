import { describe, expect, it } from 'vitest';
import { findFlaws } from '../cases/clean-stream.js';
import { QUIRKS } from '../cases/quirks.js';
import { sharedSluice } from '../harness/shared-sluice.js';
import { unique } from '../harness/unique.js';

const sluice = sharedSluice();

describe.each([{ isUsageAsked: false }, { isUsageAsked: true }])(
  'a vendor that bends the protocol (usage asked: $isUsageAsked)',
  ({ isUsageAsked }) => {
    it.each(QUIRKS)('%s: gives a clean stream', async (markers) => {
      const word = unique('quirk');
      const stream = await sluice.stream(
        `${word} éß [[sim:${markers}]]`,
        isUsageAsked ? { stream_options: { include_usage: true } } : {},
      );
      expect(findFlaws(stream, { isUsageAsked })).toEqual([]);
      expect(stream.text).toContain(`Simulated reply to: ${word} éß`);
      const hasUsage = !markers.includes('usage=none');
      if (isUsageAsked && hasUsage) expect(stream.chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(3);
    });
  },
);

it.each(['missing-role', 'created-ms', 'created-float', 'no-finish', 'slow-body'])(
  '%s: gives a clean plain answer',
  async (markers) => {
    const { choices, created, object } = await sluice.openai.chat.completions.create({
      model: 'sim-chat',
      messages: [{ role: 'user', content: `plain [[sim:${markers}]]` }],
    });
    expect(object).toBe('chat.completion');
    expect(Math.abs(created - Date.now() / 1000)).toBeLessThan(600);
    expect(choices).toMatchObject([
      {
        index: 0,
        finish_reason: 'stop',
        message: { role: 'assistant', content: 'Simulated reply to: plain', refusal: null },
      },
    ]);
  },
);
