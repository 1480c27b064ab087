import type { JobStep } from '@sluice/upstream-kit/job';
import type { Part } from '@sluice/contracts/part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDurableRig, type DurableRig } from './__fixtures__/durable-rig.js';
import { FakePainter, made, operation, png } from './__fixtures__/fake-painter.js';

/** Work that is told of in its submission's own answer, or in looks at it later: nothing of it is attended. */
let rig: DurableRig;
let painter: FakePainter;
let looks: JobStep[];

beforeAll(async () => {
  rig = await createDurableRig();
  rig.deps.httpFor = () => painter.http;
});

afterAll(() => rig.close());

beforeEach(() => {
  painter = new FakePainter();
  looks = [];
  const { start } = painter.job;
  const poll = async () => [looks.shift() ?? { type: 'running', operation }] as never;
  rig.deps.upstream = { ...rig.deps.upstream, jobs: { image: { start, poll } } };
});

let count = 0;

async function submit(changes: object = {}) {
  const request = { model: 'image', prompt: `picture ${(count += 1)}`, ...changes };
  const { id } = await rig.submit({ input: { kind: 'image', request }, reservation: { unit: 'image', amount: 4 } });
  return { id, operation: { id: `op ${id}` } };
}

async function partsOf(id: string): Promise<Part[]> {
  const { rows } = await rig.postgres.query<{ parts: string }>({
    text: 'SELECT parts FROM durable_event WHERE generation_id = $1 ORDER BY first_sequence',
    values: [id],
  });
  return rows.flatMap(({ parts }) => JSON.parse(parts) as Part[]);
}

async function look(id: string): Promise<void> {
  await rig.clock.advance(20_000);
  await rig.poll();
  await rig.step(id);
}

it('previews of an answer that goes on, and the bytes that end it, are kept', async () => {
  const work = await submit();
  painter.plan = async function* () {
    yield { type: 'accepted', operation: work.operation };
    yield { type: 'partial', operation: work.operation, index: 1, file: { role: 'partial', bytes: png('a') } };
    yield { ...made([{ role: 'result', bytes: png('b') }]), operation: work.operation } as JobStep;
  };
  await rig.step(work.id);
  expect(await rig.row(work.id)).toMatchObject({ state: 'collecting' });
  await rig.step(work.id);
  expect(await rig.row(work.id)).toMatchObject({ state: 'succeeded', files: [{ media: { bytes: 9 } }] });
  const key = `generations/${work.id}/partial-1-1-0.png`;
  expect(await partsOf(work.id)).toContainEqual(
    expect.objectContaining({
      type: 'partial',
      index: 1,
      number: 0,
      media: expect.objectContaining({ key }) as object,
    }),
  );
});

it('previews that a look tells are fetched; one that cannot be had fails nothing', async () => {
  const work = await submit();
  painter.plan = async function* () {
    yield { type: 'accepted', operation: work.operation };
  };
  await rig.step(work.id);
  const preview = (url: string): JobStep => ({
    type: 'partial',
    operation: work.operation,
    file: { role: 'partial', url, needsCredential: false },
  });
  const { http } = painter;
  const request: typeof http.request = (asked) =>
    asked.url.endsWith('/gone') ? Promise.reject(new GatewayError('upstream_timeout', 'Gone.')) : http.request(asked);
  painter = Object.assign(new FakePainter(), { http: { request } });
  looks = [preview('http://vendor/1'), preview('http://vendor/gone'), preview('http://vendor/two')];
  await look(work.id);
  await look(work.id);
  await look(work.id);
  expect(await rig.row(work.id)).toMatchObject({ state: 'submitted' });
  const told = (await partsOf(work.id)).filter(({ type }) => type === 'partial');
  expect(told).toMatchObject([
    { index: 0, number: 0, media: { mediaType: 'image/png', bytes: 23 } },
    { index: 0, number: 1, media: { bytes: 25 } },
  ]);
});

it('previews of what still runs are not tidied away, those of what is gone are', async () => {
  const work = await submit();
  const key = `generations/${work.id}/partial-1-0-0.png`;
  const one = async function* () {
    yield png('x');
  };
  await rig.media.put({ key, mediaType: 'image/png', body: one(), maximumBytes: 100 });
  const tidy = () =>
    rig
      .newWorker()
      .run({ generationId: work.id }, { id: `${work.id}.tidy`, attempt: 1, signal: new AbortController().signal });
  expect(await tidy()).toMatchObject({ type: 'put-back' });
  expect(await rig.media.head(key)).toBeDefined();
  await rig.generations.cancel(work.id, 'owner');
  expect(await tidy()).toEqual({ type: 'done' });
  expect(await rig.media.head(key)).toBeUndefined();
});

it('one of several links that stays dead leaves fewer pictures, and that is told', async () => {
  const work = await submit({ count: 2 });
  const link = (url: string) => ({ role: 'result' as const, url, needsCredential: false });
  const { http } = painter;
  const request: typeof http.request = (asked) =>
    asked.url.endsWith('/dead') ? Promise.reject(new GatewayError('upstream_error', 'Dead.')) : http.request(asked);
  Object.assign(painter, { http: { request } });
  rig.deps.upstream = { ...rig.deps.upstream, jobs: { image: painter.job } };
  painter.plan = async function* () {
    yield { ...made([link('http://vendor/dead'), link('http://vendor/1')]), operation: work.operation } as JobStep;
  };
  await rig.step(work.id);
  for (let tries = 0; tries < 9; tries += 1) {
    expect(await rig.step(work.id)).toMatchObject({ type: 'put-back' });
    expect((await rig.row(work.id)).state).toBe('collecting');
  }
  await rig.step(work.id);
  expect(await rig.row(work.id)).toMatchObject({ state: 'succeeded', facts: { requested: 2, made: 1 } });
  expect(await rig.lines(work.id)).toEqual({ reserve: 4, settle: 1, refund: 3 });
});
