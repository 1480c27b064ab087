import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@sluice/contracts/clock';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';
import { createHttpAgents } from '@sluice/platform-http/http-agents';
import { createHttpPort } from '@sluice/platform-http/create-http-port';
import type { JobStep } from '@sluice/upstream-kit/job';
import { openai } from '@sluice/upstream-openai/openai.upstream';
import { afterAll, beforeAll, expect, it } from 'vitest';

// The simulator shares no code with the adapter, nor a process: it is the program that is built.
const PROGRAM = fileURLToPath(new URL('../../simulator/dist/main.js', import.meta.url));
const PICTURE = { key: 'k', mediaType: 'image/png', bytes: 4 };
const agents = createHttpAgents({ connectTimeoutMs: 1_000 });
let simulator: ChildProcess;
let url = '';

beforeAll(async () => {
  simulator = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (simulator.stdout === null) throw new Error('no output');
  const [line] = (await once(createInterface(simulator.stdout), 'line')) as [string];
  ({ url } = JSON.parse(line) as { url: string });
});
afterAll(async () => {
  simulator.kill();
  await agents.close();
});

async function make(prompt: string, more: Partial<ImageRequest> = {}, signal = AbortSignal.timeout(10_000)) {
  const steps: JobStep[] = [];
  const image = openai.jobs?.image;
  if (!image) throw new Error('no pictures');
  const context = {
    credential: { apiKey: 'sk-medium' },
    credentialId: 'credential-1',
    kind: 'api-key',
    baseUrl: `${url}/v1`,
    http: createHttpPort({ allowPrivateNetwork: true, agents }),
    clock: systemClock,
    signal,
    model: 'sim-image',
    isStreamed: true,
    generationId: 'gen_1',
    readMedia: async function* () {
      yield Buffer.from('\u0089PN', 'latin1');
      yield Buffer.from('G');
    },
  };
  try {
    for await (const step of image.start({ model: 'm', prompt, ...more }, context)) steps.push(step);
  } catch (thrown) {
    return { steps, error: toGatewayError(thrown).data };
  }
  return { steps, error: undefined };
}

function filesOf(steps: readonly JobStep[]): string[] {
  const done = steps.at(-1);
  if (done?.type !== 'done') return [];
  return done.files.map((file) => ('bytes' in file ? Buffer.from(file.bytes).toString('latin1', 1, 4) : file.url));
}

async function submissionOf(prompt: string): Promise<unknown> {
  const answer = await fetch(`${url}/__control/images?${new URLSearchParams({ prompt })}`);
  return ((await answer.json()) as { submissions: unknown[] }).submissions[0];
}

it('makes pictures, with previews where they are wanted', async () => {
  const plain = await make('plain', { count: 2, size: { width: 640, height: 480 } });
  expect(filesOf(plain.steps)).toEqual(['PNG', 'PNG']);
  expect(plain.steps.at(-1)).toMatchObject({ facts: { size: '640x480', usage: { outputTokens: 544 } } });
  const streamed = await make('streamed', { partials: 3 });
  expect(streamed.steps.map(({ type }) => type)).toEqual(['partial', 'partial', 'partial', 'done']);
  expect(filesOf(streamed.steps)).toEqual(['PNG']);
});

it('edits pictures, as a stream too', async () => {
  const { steps } = await make('edited', { pictures: [PICTURE, PICTURE], mask: PICTURE, partials: 1 });
  expect(steps.map(({ type }) => type)).toEqual(['partial', 'done']);
  expect(await submissionOf('edited')).toMatchObject({
    accepted: 1,
    pictures: [
      { field: 'image[]', bytes: 4 },
      { field: 'image[]', bytes: 4 },
      { field: 'mask', bytes: 4 },
    ],
  });
});

it('takes links, fewer than asked, and revised prompts as they come', async () => {
  const { steps } = await make('links [[sim:image-links,images=1,revise-prompt]]', { count: 3 });
  expect(filesOf(steps)).toEqual([expect.stringMatching(/^http.*\/storage\/images\//)]);
  expect(steps.at(-1)).toMatchObject({ facts: { revisedPrompts: ['links, revised 1'] } });
});

it.each([
  ['moderated', 'content_refused', 'refused', 0],
  ['status=429', 'upstream_rate_limited', 'refused', 0],
  ['accept-first,status=500', 'upstream_error', 'unknown', 1],
  ['accept-first,html,status=502', 'upstream_error', 'unknown', 1],
  ['accept-first,lost-reply', 'upstream_interrupted', 'unknown', 1],
  ['error-in-200,accept-first', 'upstream_error', 'unknown', 1],
  ['html', 'upstream_bad_answer', 'unknown', 0],
  ['empty-body', 'upstream_bad_answer', 'unknown', 0],
  ['cut', 'upstream_interrupted', 'unknown', 1],
])('%s is told as %s, which the upstream has %s', async (markers, code, saw, accepted) => {
  const prompt = `fails [[sim:${markers}]]`;
  expect((await make(prompt)).error).toMatchObject({ code, saw });
  if (accepted === 1) expect(await submissionOf(prompt)).toMatchObject({ accepted });
  else expect(await submissionOf(prompt)).toBeUndefined();
});

it('leaves a vendor that says nothing when the runtime has had enough', async () => {
  const { error } = await make('silent [[sim:stall]]', {}, AbortSignal.timeout(300));
  expect(error).toBeDefined();
});

it('is cut off in the middle of a stream, or refused there', async () => {
  const cut = await make('cut stream [[sim:cut=1]]', { partials: 2 });
  expect(cut.error).toMatchObject({ code: 'upstream_interrupted', saw: 'unknown' });
  const refused = await make('refused stream [[sim:error-in-stream=1,error-code=moderation_blocked]]', { partials: 2 });
  expect(refused.error).toMatchObject({ code: 'content_refused', saw: 'refused' });
});
