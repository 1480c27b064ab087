import type { Lease } from '@sluice/contracts/credential';
import type { HttpPort } from '@sluice/contracts/http-port';
import { openaiManifest } from '@sluice/manifests/openai';
import { createFakeHttp } from '@sluice/upstream-kit/fake-http';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fetchFile } from './fetch-file.js';

const BASE_URL = 'http://127.0.0.1:9000/v1';
const lease: Lease = {
  id: 'lease',
  credentialId: 'cred',
  epoch: 1,
  expiresAtMs: 0,
  kind: 'api-key',
  secret: {},
  baseUrl: BASE_URL,
  allowPrivateNetwork: true,
};

/** Follows the vendor to `location`; tells which addresses were asked for, and which in the open. */
async function fetchBy(location: string, { isPrivateStorageAllowed = false, needsCredential = true } = {}) {
  const asked: [string, 'open' | 'guarded'][] = [];
  const http = createFakeHttp({ status: 302, headers: { location } }, { pieces: ['mp4'] });
  const httpFor = ({ allowPrivateNetwork }: Lease): HttpPort => ({
    request(request) {
      asked.push([request.url, allowPrivateNetwork ? 'open' : 'guarded']);
      return http.request(request);
    },
  });
  const video = {
    start: async function* () {},
    open: ({ url }: { url: string }, context: { http: HttpPort; signal: AbortSignal }) =>
      context.http.request({ method: 'GET', url, signal: context.signal }),
  };
  const upstream = { manifest: openaiManifest, credential: z.unknown(), jobs: { video } };
  const deps = { upstream, httpFor, isPrivateStorageAllowed, clock: createFakeClock(0) };
  const file = { url: `${BASE_URL}/videos/v/content`, role: 'result', needsCredential } as const;
  const { signal } = new AbortController();
  const response = await fetchFile(deps, { file, kind: 'video', lease, baseUrl: BASE_URL, signal });
  expect(await response.text()).toBe('mp4');
  expect(http.openBodies()).toBe(0);
  return asked.slice(1);
}

describe('where a vendor sends us for a file', () => {
  it.each(['http://169.254.169.254/latest/meta-data', 'http://localhost:6379/', 'http://10.0.0.5:9000/f'])(
    'the permission to reach private addresses does not hold for %s',
    async (location) => {
      expect(await fetchBy(location)).toEqual([[location, 'guarded']]);
      expect(await fetchBy(location, { needsCredential: false })).toEqual([[location, 'guarded']]);
    },
  );

  it('it holds for the very server that the operator named', async () => {
    expect(await fetchBy('http://localhost:9000/storage/f')).toEqual([['http://localhost:9000/storage/f', 'open']]);
  });

  it('it holds everywhere, where the operator says so', async () => {
    const location = 'http://10.0.0.5:9000/f';
    expect(await fetchBy(location, { isPrivateStorageAllowed: true })).toEqual([[location, 'open']]);
  });
});
