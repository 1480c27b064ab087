import assert from 'node:assert/strict';
import { expectSuccess } from '../harness/admin-client.js';
import { httpCall } from '../harness/http-call.js';
import type { SluiceClient } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';

/** What the simulated site makes of one account: its words for that. */
export interface AccountWish {
  limit?: number;
  resetSeconds?: number;
  concurrency?: number;
}

export interface SoraPool {
  /** Beginning of the names of all of them. */
  word: string;
  names: readonly string[];
  remove(): Promise<void>;
}

const SLOTS = 3;

/** Many accounts of the simulated website, as Sora2API exports them. They serve whoever asks for a session. */
export async function createSoraPool(client: SluiceClient, wishes: readonly AccountWish[]): Promise<SoraPool> {
  const { gateway, simulator = '', adminToken } = client.run;
  const word = unique('pool').replaceAll('-', '_');
  // No other account ends so: of a name that is all that the journal of the simulator shows.
  const names = wishes.map((_, number) => `${word}_q${String(number).padStart(3, '0')}`);
  for (const [number, wish] of wishes.entries()) {
    if (Object.keys(wish).length === 0) continue;
    const body = { account: names[number], ...wish };
    assert.equal((await httpCall({ url: `${simulator}/__control/sora/accounts`, body })).status, 200);
  }
  const tokens = names.map((name) => ({ email: name, access_token: `sim-at-${name}`, video_concurrency: SLOTS }));
  const query = new URLSearchParams({ upstream: 'sora', allowPrivateNetwork: 'true', baseUrl: `${simulator}/sora` });
  const url = `${gateway}/admin/api/credentials/import?${query.toString()}`;
  const headers = { authorization: `Bearer ${adminToken}` };
  const { text } = await httpCall({ url, method: 'POST', headers, body: { tokens, mode: 'at' } });
  assert.match(text, new RegExp(`"created":${names.length}\\b`));
  return {
    word,
    names,
    async remove() {
      const body = { action: 'delete', selection: { filter: { upstream: 'sora', search: word } } };
      expectSuccess(await client.admin.call('POST', '/credentials/bulk', body));
    },
  };
}
