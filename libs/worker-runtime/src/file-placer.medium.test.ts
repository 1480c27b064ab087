import { randomUUID } from 'node:crypto';
import { systemClock } from '@sluice/contracts/clock';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Lease } from '@sluice/contracts/credential';
import { geminiManifest } from '@sluice/manifests/gemini';
import { createRedis } from '@sluice/platform-redis/create-redis';
import type { Redis } from '@sluice/platform-redis/redis';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FakeFiles, FILM, FILM_TEXT, fileContext, storeOf } from './__fixtures__/fake-files.js';
import { chatWithFiles } from './chat-with-files.js';
import { FilePlacer, stickyByFile } from './file-placer.js';
import { PlacedFiles } from './placed-files.js';

let redis: Redis;
beforeAll(async () => {
  const { url } = await createTestRedis();
  redis = createRedis({ url, role: 'worker', name: 'test', onError: () => {} });
});
afterAll(() => redis.disconnect());

const newPrefix = () => `test-${randomUUID()}`;

/** A worker of its own: only Redis is shared. */
function worker(prefix: string, mostMs?: number): FilePlacer {
  const placed = new PlacedFiles({ redis, prefix, clock: systemClock, onError: () => {} });
  return new FilePlacer({
    placed,
    store: storeOf(FILM_TEXT),
    clock: systemClock,
    ...(mostMs !== undefined && { mostMs }),
  });
}

const placing = (files: FakeFiles, credentialId: string, quotaGroup?: string) => ({
  files,
  lease: { credentialId, ...(quotaGroup !== undefined && { quotaGroup }) },
  context: fileContext(),
});

describe('a file that requests name', () => {
  it('is sent once to each project, whichever worker and account asks, also at once', async () => {
    const files = new FakeFiles();
    let open = () => {};
    files.gate = new Promise<void>((resolve) => (open = resolve));
    const prefix = newPrefix();
    const both = [
      worker(prefix).place([FILM], placing(files, 'one', 'project')),
      worker(prefix).place([FILM], placing(files, 'two', 'project')),
    ];
    open();
    for (const { uris } of await Promise.all(both)) expect(uris).toEqual(new Map([[FILM.id, 'google/files/1']]));
    const again = await worker(prefix).place([FILM], placing(files, 'one', 'project'));
    expect(again.remembered).toEqual([FILM]);
    expect(files.begun).toHaveLength(1);
    const elsewhere = await worker(prefix).place([FILM], placing(files, 'three'));
    expect(elsewhere).toMatchObject({ uris: new Map([[FILM.id, 'google/files/2']]), remembered: [] });
  });

  it('is remembered no longer than the upstream keeps it', async () => {
    const prefix = newPrefix();
    await worker(prefix).place([FILM], placing(new FakeFiles(), 'one'));
    const [key = ''] = await redis.keys(`${prefix}:*`);
    const hours = (await redis.pttl(key)) / 3_600_000;
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThan(24);
    expect(await redis.keys(`${prefix}:*`)).toHaveLength(1);
  });

  it('is sent by another when the one who did has died or left', async () => {
    const prefix = newPrefix();
    const stuck = new FakeFiles();
    stuck.gate = new Promise(() => {});
    const controller = new AbortController();
    const context = fileContext({ signal: controller.signal });
    const first = worker(prefix).place([FILM], { ...placing(stuck, 'one'), context });
    const second = worker(prefix).place([FILM], placing(new FakeFiles(), 'one'));
    controller.abort(new GatewayError('cancelled', 'Left.'));
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect((await second).uris.get(FILM.id)).toBe('google/files/1');
  });

  it('that is not kept here any more is told by its field; an upstream’s fault leaves it to others', async () => {
    const gone = { ...FILM, media: { ...FILM.media, key: 'files/gone' } };
    await expect(worker(newPrefix()).place([gone], placing(new FakeFiles(), 'one'))).rejects.toMatchObject({
      data: { code: 'not_found', param: FILM.param, saw: 'nothing' },
    });
    const files = new FakeFiles();
    files.begin = () => Promise.reject(new GatewayError('not_found', 'No path.', { upstreamStatus: 404 }));
    await expect(worker(newPrefix()).place([FILM], placing(files, 'one'))).rejects.toMatchObject({
      data: { code: 'upstream_error', saw: 'nothing' },
    });
  });
});

it('requests that name the same file stay with one account', () => {
  const request = { model: 'm', messages: [] };
  expect(stickyByFile({ kind: 'chat', request, files: [FILM] })).toEqual({ sticky: 'file:digest' });
  expect(stickyByFile({ kind: 'chat', request })).toBeUndefined();
});

describe('a chat that names files', () => {
  const finish: ChatPart = { type: 'finish', choice: 0, reason: 'stop' };
  const missing = () => new GatewayError('upstream_forbidden', 'Gone.', { reason: 'file_missing' });

  /** Knows these addresses. */
  function chatting(known: readonly string[], files = new FakeFiles()) {
    const asked: string[] = [];
    const upstream: Upstream<unknown> = {
      manifest: geminiManifest,
      credential: z.unknown(),
      files,
      async *chat(_request, { fileUris }) {
        const uri = fileUris?.get(FILM.id) ?? '';
        asked.push(uri);
        if (!known.includes(uri)) throw missing();
        yield finish;
      },
    };
    return { upstream, asked };
  }

  async function run(upstream: Upstream<unknown>, placer: FilePlacer) {
    const lease: Lease = {
      id: 'lease',
      credentialId: 'one',
      epoch: 1,
      expiresAtMs: 0,
      kind: 'api-key',
      secret: {},
      baseUrl: null,
      allowPrivateNetwork: false,
    };
    const request = { model: 'm', messages: [] };
    const context = fileContext();
    const parts: ChatPart[] = [];
    for await (const part of chatWithFiles({ upstream, placer, request, named: [FILM], lease, context }))
      parts.push(part);
    return parts;
  }

  it('has them anew, once, where the upstream has dropped what we remember', async () => {
    const placer = worker(newPrefix());
    const files = new FakeFiles();
    const before = chatting(['google/files/1'], files);
    expect(await run(before.upstream, placer)).toEqual([finish]);
    const after = chatting(['google/files/2'], files);
    expect(await run(after.upstream, placer)).toEqual([finish]);
    expect(after.asked).toEqual(['google/files/1', 'google/files/2']);
    const never = chatting([], files);
    await expect(run(never.upstream, placer)).rejects.toMatchObject({ code: 'upstream_forbidden' });
    expect(never.asked).toEqual(['google/files/2', 'google/files/3']);
    expect(files.begun).toHaveLength(3);
  });

  it('that was sent just now and is not there is refused', async () => {
    const { upstream, asked } = chatting([]);
    await expect(run(upstream, worker(newPrefix()))).rejects.toMatchObject({ code: 'upstream_forbidden' });
    expect(asked).toEqual(['google/files/1']);
  });

  it('is given up where they are too long on their way', async () => {
    const files = new FakeFiles();
    files.gate = new Promise(() => {});
    const send = files.send.bind(files);
    // As the port tells it of a call that has gone out.
    files.send = (...call) =>
      send(...call).catch((cause: unknown) => {
        throw new GatewayError('upstream_timeout', 'Cut short.', { saw: 'unknown', cause });
      });
    const { upstream, asked } = chatting([], files);
    await expect(run(upstream, worker(newPrefix(), 30))).rejects.toMatchObject({
      data: { code: 'upstream_timeout', saw: 'nothing' },
    });
    expect(asked).toEqual([]);
  });

  it('is refused by who takes none', async () => {
    const { upstream } = chatting([]);
    const { files: _files, ...bare } = upstream;
    await expect(run(bare, worker(newPrefix()))).rejects.toMatchObject({
      data: { code: 'too_large', param: FILM.param },
    });
  });
});
