import type { GenerationInput } from '@sluice/contracts/generation';
import { describe, expect, it } from 'vitest';
import { fileTargets } from './file-targets.js';

const GEMINI = { upstream: 'gemini', model: 'm' };
const OPENAI = { upstream: 'openai', model: 'm' };
const GIBIBYTE = 1024 ** 3;
const param = 'messages[0].content[1].file.file_id';

function naming(bytes: number): GenerationInput {
  const media = { key: 'files/film', mediaType: 'video/mp4', bytes };
  const files = [{ id: media.key, media, sha256: 'd', param }];
  return { kind: 'chat', request: { model: 'm', messages: [] }, files };
}

describe('a request that names files beside it', () => {
  it('goes only to those that take them, by accounts that can', () => {
    expect(fileTargets(naming(GIBIBYTE), [OPENAI, GEMINI])).toEqual([{ ...GEMINI, kind: 'api-key' }]);
  });

  it.each([
    ['nobody takes files', [OPENAI], GIBIBYTE, '33554432 bytes together'],
    ['the account that is asked for keeps none', [{ ...GEMINI, kind: 'vertex-express' }], GIBIBYTE, '33554432 bytes'],
    ['one is more than anybody takes', [GEMINI, OPENAI], 2 * GIBIBYTE + 1, 'a file may be 2147483648 bytes'],
  ])('is refused by its field where %s', (_why, targets, bytes, bound) => {
    const message = expect.stringMatching(new RegExp(`^'messages\\[0\\].*${bound}`)) as string;
    expect(() => fileTargets(naming(bytes), targets)).toThrow(
      expect.objectContaining({ data: { code: 'too_large', param, message } }),
    );
  });
});

it('a request that names none goes where it would', () => {
  const targets = [OPENAI, { ...GEMINI, kind: 'vertex-express' }];
  expect(fileTargets({ kind: 'chat', request: { model: 'm', messages: [] } }, targets)).toBe(targets);
});
