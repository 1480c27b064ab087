import { readFileSync } from 'node:fs';
import { jobConformance } from '@sluice/upstream-kit/job-conformance';
import { describe, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { video } from './sora.video.js';

const fixture = (name: string): string => readFileSync(new URL(`__fixtures__/${name}.json`, import.meta.url), 'utf8');

const cases = jobConformance({
  job: video,
  request: { model: 'sora-2', prompt: 'a cat on a sofa', durationSeconds: 4 },
  context: createTestContext,
  accepted: { official: fixture('official'), wrapped: fixture('wrapped'), lean: fixture('lean') },
  operation: { id: 'video_1', acceptedAtMs: 0 },
  secret: 'sk-sealed',
});

describe('sora, as every job', () => {
  for (const { name, run } of cases) it(name, run);
});
