import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../start-simulator.js';

const VALUES = [1, 't', 2, 0, 'ua', null, null, 'en', 'en', 0, 'a', 'b', 'c', 0.5, 'sid', 'é', 4, 0];
const MARKER = 'wQ8Lk5FbGpA2NcR9dShT6gYjU7VxZ4D';
const DEVICE = randomUUID();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
  await post('/__control/sora/accounts', { account: 'plus', concurrency: 9 });
});
afterAll(() => simulator.close());

async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await fetch(simulator.url + path, {
    method: 'POST',
    headers: { authorization: 'Bearer sim-at-plus', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

interface Puzzle {
  id: string;
  token: string;
  turnstile?: { dx: string };
  proofofwork: { required: boolean; seed: string; difficulty: string };
}

async function ask(): Promise<Puzzle> {
  const id = randomUUID();
  const { json } = await post('/sora/backend-api/sentinel/req', { p: 'gAAAAACx', id, flow: 'sora_init' });
  return { id, ...(json as unknown as Omit<Puzzle, 'id'>) };
}

/** Written for this test alone: any array of values, and any second counter. */
function solve({ proofofwork: { seed, difficulty } }: Puzzle, values: unknown[], second: (i: number) => number) {
  const limit = Buffer.from(difficulty, 'hex');
  for (let attempt = 0; ; attempt += 1) {
    const tried = values.with(3, attempt).with(9, second(attempt));
    const text = Buffer.from(JSON.stringify(tried)).toString('base64');
    const digest = createHash('sha3-512')
      .update(seed + text)
      .digest();
    if (digest.subarray(0, limit.length).compare(limit) <= 0) return text;
  }
}

const submit = (puzzle: Puzzle, header: object, device: string = DEVICE) => {
  const token = {
    t: puzzle.turnstile?.dx ?? '',
    c: puzzle.token,
    id: puzzle.id,
    flow: 'sora_2_create_task',
    ...header,
  };
  const shown = { 'openai-sentinel-token': JSON.stringify(token), 'oai-device-id': device };
  const film = { kind: 'video', prompt: `cat ${randomUUID()}`, orientation: 'portrait', model: 'sy_8' };
  return post('/sora/backend/nf/create', { ...film, size: 'small', n_frames: 300, inpaint_items: [] }, shown);
};
const BLOCKED = { status: 400, json: { error: { code: 'sentinel_block' } } };
const half = (i: number) => i >> 1;

it.each([
  ['18 values', VALUES, (i: number) => Math.floor((i + 29) / 30)],
  ['17 values, and another second counter', VALUES.slice(0, 17), half],
])('a solution of %s is taken, once', async (_name, values, second) => {
  const puzzle = await ask();
  const header = { p: `gAAAAAB${solve(puzzle, values, second)}~S` };
  expect(await submit(puzzle, header)).toMatchObject({ status: 200, json: { id: expect.stringMatching(/^task_/) } });
  expect(await submit(puzzle, header)).toMatchObject(BLOCKED);
});

it.each<[string, (puzzle: Puzzle, solution: string) => object, string?]>([
  ['the mark of who gave up', ({ proofofwork: { seed } }) => ({ p: `gAAAAAB${MARKER}${btoa(`"${seed}"`)}~S` })],
  ['another beginning', (_puzzle, solution) => ({ p: `gAAAAAC${solution}~S` })],
  ['no ending', (_puzzle, solution) => ({ p: `gAAAAAB${solution}` })],
  ['another token', (_puzzle, solution) => ({ p: `gAAAAAB${solution}~S`, c: 'gAAAAABother' })],
  ['another puzzle', (_puzzle, solution) => ({ p: `gAAAAAB${solution}~S`, id: randomUUID() })],
  ['no turnstile', (_puzzle, solution) => ({ p: `gAAAAAB${solution}~S`, t: '' })],
  ['no device', (_puzzle, solution) => ({ p: `gAAAAAB${solution}~S` }), 'none'],
])('%s is refused', async (_name, header, device) => {
  const puzzle = await ask();
  expect(await submit(puzzle, header(puzzle, solve(puzzle, VALUES, half)), device)).toMatchObject(BLOCKED);
});

it('asks for what it was told to ask for', async () => {
  const tell = (wish: object) => post('/__control/sora/proof', wish);
  await tell({ difficulty: '00ffff', turnstile: false });
  const hard = await ask();
  expect(hard).toMatchObject({ proofofwork: { difficulty: '00ffff' } });
  expect(hard.turnstile).toBeUndefined();
  expect((await submit(hard, { p: `gAAAAAB${solve(hard, VALUES, half)}~S` })).status).toBe(200);
  await tell({ required: false, turnstile: true });
  const free = await ask();
  expect(free.proofofwork).toEqual({ required: false });
  expect((await submit(free, { p: 'gAAAAACx~S' })).status).toBe(200);
});
