import { readFileSync } from 'node:fs';
import { jobConformance } from '@sluice/upstream-kit/job-conformance';
import { describe, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { createSolvedHttp } from './create-solved-http.js';
import { createWebImage } from './web.image.js';
import type { ProofOfWork } from './web.proof-of-work.js';
import { createWebVideo } from './web.video.js';

const accepted = { plain: readFileSync(new URL('__fixtures__/web-create.json', import.meta.url), 'utf8') };
const proofOfWork: ProofOfWork = { solve: () => Promise.resolve('c29sdmVk') };
const operation = { id: 'task_01', acceptedAtMs: 0 };
const secret = 'sealed-token';

describe('videos', () => {
  const cases = jobConformance({
    job: createWebVideo(proofOfWork),
    request: { model: 'sora-2', prompt: 'a cat on a sofa', durationSeconds: 10 },
    context: ({ http, signal }) => createSessionContext({ http: createSolvedHttp(http), signal }),
    accepted,
    operation,
    secret,
  });
  for (const { name, run } of cases) it(name, run);
});

describe('pictures', () => {
  const cases = jobConformance({
    job: createWebImage(proofOfWork),
    request: { model: 'gpt-image', prompt: 'a cat on a sofa' },
    context: ({ http, signal }) => createSessionContext({ http: createSolvedHttp(http), signal, model: 'gpt-image' }),
    accepted,
    operation,
    secret,
  });
  for (const { name, run } of cases) it(name, run);
});
