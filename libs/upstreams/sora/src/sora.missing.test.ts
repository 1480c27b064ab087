import type { Operation } from '@sluice/contracts/operation';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import type { OperationStep } from '@sluice/upstream-kit/job';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { poll } from './sora.poll.js';

const START_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;
const unknown: FakeAnswer = { status: 404, pieces: ['{"error":{"message":"Video video_1 does not exist."}}'] };
const seen: FakeAnswer = { pieces: ['{"id":"video_2","status":"in_progress"}'] };
const noList: FakeAnswer = { status: 405, pieces: ['{"error":{"message":"no list"}}'] };
const list = (...data: object[]): FakeAnswer => ({ pieces: [JSON.stringify({ data, has_more: false })] });

/** Looks again and again, with what the look before noted. */
class Patience {
  operation: Operation = { id: 'video_1', acceptedAtMs: 0 };
  nowMs = START_MS;

  async look(afterMs: number, ...answers: FakeAnswer[]): Promise<OperationStep | undefined> {
    this.nowMs += afterMs;
    const clock = { now: () => this.nowMs, after: () => () => undefined };
    const others = answers.includes(seen) ? [{ id: 'video_2', acceptedAtMs: 0 }] : [];
    const [step] = await poll(
      [this.operation, ...others],
      createTestContext({ http: createFakeHttp(...answers), clock }),
    );
    // It rests in a row until the next look.
    if (step) this.operation = JSON.parse(JSON.stringify(step.operation)) as Operation;
    return step;
  }

  async looks(count: number, ...answers: FakeAnswer[]): Promise<(string | undefined)[]> {
    const types: (string | undefined)[] = [];
    for (let look = 0; look < count; look += 1) types.push((await this.look(MINUTE_MS, ...answers))?.type);
    return types;
  }
}

describe('a video that the vendor says it does not know', () => {
  it('is lost only after several looks over minutes', async () => {
    const patience = new Patience();
    expect(await patience.looks(5, unknown, seen)).toEqual(Array(5).fill('running'));
    expect(await patience.look(MINUTE_MS, unknown, seen)).toMatchObject({
      type: 'failed',
      error: { reason: 'expired' },
    });
  });

  it('is not lost by many looks in a hurry, nor by two that lie far apart', async () => {
    const patience = new Patience();
    for (let look = 0; look < 20; look += 1)
      expect(await patience.look(10_000, unknown, seen)).toMatchObject({ type: 'running' });
    const other = new Patience();
    await other.look(0, unknown, seen);
    expect(await other.look(60 * MINUTE_MS, unknown, seen)).toMatchObject({ type: 'running' });
  });

  it('is not lost while the vendor tells of no other, nor shows its list', async () => {
    expect(await new Patience().looks(20, unknown, noList)).toEqual(Array(20).fill('running'));
    expect(await new Patience().looks(20, unknown)).toEqual(Array(20).fill('running'));
  });

  it('is lost where the list answers, and is not on it', async () => {
    const patience = new Patience();
    await patience.looks(5, unknown);
    const answers = [unknown, list({ id: 'video_9', status: 'queued' })];
    expect(await patience.look(MINUTE_MS, ...answers)).toMatchObject({ type: 'failed' });
  });

  it('goes on where the list has it', async () => {
    const patience = new Patience();
    await patience.looks(5, unknown);
    const step = await patience.look(MINUTE_MS, unknown, list({ id: 'video_1', status: 'in_progress', progress: 7 }));
    expect(step).toMatchObject({ type: 'running', progress: 7, operation: { id: 'video_1', acceptedAtMs: 0 } });
    expect(step?.operation).not.toHaveProperty('missing');
  });

  it('is forgotten to have been missing as soon as it is seen', async () => {
    const patience = new Patience();
    await patience.looks(5, unknown, seen);
    await patience.look(MINUTE_MS, { pieces: ['{"id":"video_1","status":"in_progress"}'] }, seen);
    expect(await patience.looks(4, unknown, seen)).toEqual(Array(4).fill('running'));
  });

  it.each([
    { detail: 'Not Found' },
    { error: 'Not Found', statusCode: 404 },
    { error: { message: 'Not Found', code: 'not_found' } },
    { error: 'Not Found', statusCode: 404, message: 'Cannot GET /v1/videos/video_1' },
    { error: { message: 'Invalid URL (GET /videos/video_1)', type: 'invalid_request_error' } },
    { detail: '404: Route not found' },
  ])('is not meant by %j, which speaks of an address', async (body) => {
    const patience = new Patience();
    const misled = { status: 404, pieces: [JSON.stringify(body)] };
    expect(await patience.looks(20, misled, seen)).toEqual(Array(20).fill('running'));
    expect(patience.operation).not.toHaveProperty('missing');
    await expect(patience.look(0, misled)).rejects.toMatchObject({ code: 'upstream_error' });
  });
});
