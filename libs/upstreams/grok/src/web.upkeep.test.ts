import type { AssetsCleared } from '@sluice/upstream-kit/upstream';
import { createFakeHttp } from '@sluice/upstream-kit/fake-http';
import { expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { clearAssets, countAssets } from './web.upkeep.js';

const pages = [
  { pieces: ['{"assets":[{"assetId":"a"},{"assetId":"b"}],"nextPageToken":"2"}'] },
  { pieces: ['{"assets":[{"assetId":"c"}]}'] },
];

it('counts over all pages', async () => {
  expect(await countAssets(createSessionContext({ http: createFakeHttp(...pages) }))).toBe(3);
});

it('deletes all, and tells what could not be', async () => {
  const http = createFakeHttp(
    ...pages,
    { pieces: ['{}'] },
    { status: 500, pieces: ['{}'] },
    { status: 404, pieces: ['{}'] },
  );
  const told: AssetsCleared[] = [];
  for await (const cleared of clearAssets(createSessionContext({ http }))) told.push(cleared);
  expect(told).toEqual([{ deleted: 2, failed: 1 }]);
});

it('stops where the session is over', async () => {
  const http = createFakeHttp(...pages, { status: 401, pieces: ['{"error":{"code":16,"message":"no"}}'] });
  const all = (async () => {
    for await (const _ of clearAssets(createSessionContext({ http })));
  })();
  await expect(all).rejects.toMatchObject({ code: 'upstream_auth' });
});
