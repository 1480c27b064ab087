import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { find } from './sora.find.js';

const NOW_MS = 1_800_000_000_000;
const NOW_SECONDS = NOW_MS / 1_000;
const headers = { date: new Date(NOW_MS).toUTCString() };
const ours = { id: 'ours', prompt: 'a cat', created_at: NOW_SECONDS };
const old = (id: string, ageSeconds: number) => ({ id, prompt: 'a dog', created_at: NOW_SECONDS - ageSeconds });

function look(...pages: object[]) {
  const answers: FakeAnswer[] = pages.map((page) => ({ headers, pieces: [JSON.stringify(page)] }));
  const http = createFakeHttp(...answers);
  const clock = { now: () => NOW_MS, after: () => () => undefined };
  const request = { model: 'sora-2', prompt: 'a cat' };
  const intent = { request, generationId: 'g', submittedAtMs: NOW_MS, owned: new Set<string>() };
  return { http, found: find(intent, createTestContext({ http, clock })) };
}

const undecided = { code: 'outcome_unknown', data: { saw: 'unknown' } };

describe('a look through a listing', () => {
  it('goes on after an old page where the vendor lists the oldest first', async () => {
    const { found } = look(
      { data: [old('a', 900), old('b', 600)], has_more: true },
      { data: [old('c', 300), ours], has_more: false },
    );
    expect(await found).toMatchObject({ id: 'ours' });
  });

  it('goes on after a page of one old video, which has no order', async () => {
    const { found } = look({ data: [old('a', 900)], has_more: true }, { data: [ours], has_more: false });
    expect(await found).toMatchObject({ id: 'ours' });
  });

  it('goes on after an old page without any order', async () => {
    const { found } = look(
      { data: [old('a', 300), old('b', 900), old('c', 600)], has_more: true },
      { data: [ours], has_more: false },
    );
    expect(await found).toMatchObject({ id: 'ours' });
  });

  it('ends at the first old video of a list that goes back in time', async () => {
    const { found, http } = look({ data: [{ ...ours, prompt: 'a cow' }, old('a', 900)], has_more: true });
    expect(await found).toBeUndefined();
    expect(http.requests).toHaveLength(1);
  });

  it.each([{ next_cursor: 'b' }, { last_id: 'b' }, {}])('goes on by %j where nothing is said of more', async (more) => {
    const { found, http } = look({ data: [old('a', -1), old('b', -2)], ...more }, { data: [ours] });
    expect(await found).toMatchObject({ id: 'ours' });
    expect(http.requests[1]?.url).toContain('after=b');
  });

  it('says no at an empty page after the last', async () => {
    expect(await look({ data: [old('b', -2)] }, { data: [] }).found).toBeUndefined();
    expect(await look({ data: [] }).found).toBeUndefined();
  });

  it.each([
    ['the same page comes again', [{ data: [old('b', -2)] }]],
    ['more is said, and there is no way to it', [{ data: [], has_more: true }]],
    ['a cursor leads to itself', [{ data: [], next_cursor: 'x' }]],
    ['an entry of it cannot be read', [{ data: [old('b', -2), { film: 7 }], has_more: false }]],
  ])('stays unknown where %s', async (_, pages) => {
    await expect(look(...pages).found).rejects.toMatchObject(undecided);
  });

  it.each(['2027-01-15T08:00:00', '2027-01-15 03:00:00', '2027-01-15'])(
    'takes the zoneless %s for no time at all',
    async (told) => {
      const { found } = look({ data: [{ ...ours, created_at: told }], has_more: false });
      await expect(found).rejects.toMatchObject(undecided);
    },
  );

  it.each(['2027-01-15T08:00:00Z', '2027-01-15T13:30:00.25+05:30', '2027-01-15 08:00:00+00:00'])(
    'understands %s',
    async (told) => {
      const { found } = look({ data: [{ ...ours, created_at: told }], has_more: false });
      expect(await found).toMatchObject({ id: 'ours' });
    },
  );
});
