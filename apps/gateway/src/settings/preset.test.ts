import { readFileSync } from 'node:fs';
import { isSettingName, SETTINGS } from '@sluice/domain-settings/setting-catalogue';
import { expect, test } from 'vitest';

const PAGE = readFileSync(new URL('../../../../docs/from-gemini-balance.md', import.meta.url), 'utf8');
const BLOCKS = [...PAGE.matchAll(/```json (\w+)\n([\s\S]*?)```/g)].map(([, name = '', text = '']) => ({ name, text }));

test('the preset for those who come from Gemini Balance can be set as it stands', () => {
  expect(BLOCKS.map(({ name }) => name)).toEqual(['MODEL_SUFFIXES', 'MODEL_OPTIONS']);
  for (const { name, text } of BLOCKS) {
    const { value } = JSON.parse(text) as { value: unknown };
    expect(isSettingName(name) && SETTINGS[name].schema.safeParse(value).error).toBeUndefined();
  }
});
