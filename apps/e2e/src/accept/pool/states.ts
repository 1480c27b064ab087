import assert from 'node:assert/strict';
import type { OwnModel } from '../../harness/admin-client.js';
import { eventually } from '../../harness/eventually.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';
import { chatOnce, chats, createSharedModel, statusCounts } from './shared-model.js';

const QUOTA_MS = 20_000;
const RATE_MS = 5_000;
/** A guess doubles: at worst as long again as the quota was out, and a few seconds. */
const BACK_WITHIN_MS = 60_000;

interface Scene {
  model: string;
  credentials: Record<'revoked' | 'spent' | 'limited' | 'healthy', OwnModel>;
}

export function stateChecks(client: SluiceClient): Check[] {
  let scene: Scene | undefined;
  return [
    {
      title:
        'one revoked, one out of quota, one rate-limited 5 s, one healthy: traffic goes to the healthy one, the others show why and until when',
      prove: async () => {
        scene = await setScene(client);
        return proveStates(client, scene);
      },
    },
    {
      title: 'they come back by themselves; the revoked one by its probe after it is mended',
      prove: async () => {
        if (scene === undefined) throw new Error('the states could not be set');
        return proveRecovery(client, scene);
      },
    },
  ];
}

async function setScene(client: SluiceClient): Promise<Scene> {
  const { model, credentials } = await createSharedModel(client, [{}, {}, {}, {}]);
  const [revoked, spent, limited, healthy] = credentials;
  if (!revoked || !spent || !limited || !healthy) throw new Error('four credentials were asked for');
  await client.simulator.setKey({ key: revoked.upstreamKey, state: 'revoked' });
  await client.simulator.setKey({ key: spent.upstreamKey, state: 'quota-exhausted', until: Date.now() + QUOTA_MS });
  await client.simulator.setKey({ key: limited.upstreamKey, state: 'rate-limited', limit: 1, windowMs: RATE_MS });
  return { model, credentials: { revoked, spent, limited, healthy } };
}

async function proveStates(client: SluiceClient, { model, credentials }: Scene): Promise<string> {
  const reports = await chats(client, { model, delayMs: 5, count: 40 });
  const shown = await Promise.all(
    Object.values(credentials).map(({ credentialId }) => client.admin.readCredential(credentialId)),
  );
  const figures = `${statusCounts(reports)}; ${shown.map(({ state, nextTryAt }) => (nextTryAt === null ? state : `${state} until ${nextTryAt}`)).join('; ')}`;
  assert.ok(
    reports.every(({ status }) => status === 200),
    figures,
  );
  assert.deepEqual(
    shown.map(({ state }) => state),
    ['auth_failed', 'quota_exhausted', 'rate_limited', 'ready'],
    figures,
  );
  assert.ok(
    shown.slice(0, 3).every(({ reason, nextTryAt }) => reason !== null && nextTryAt !== null),
    figures,
  );
  return figures;
}

async function proveRecovery(client: SluiceClient, { model, credentials }: Scene): Promise<string> {
  await client.simulator.setKey({ key: credentials.revoked.upstreamKey, state: 'accepted' });
  const startedAt = performance.now();
  const times = await Promise.all(
    (['revoked', 'spent', 'limited'] as const).map(async (name) => {
      const { credentialId, upstreamKey } = credentials[name];
      const isBack = async () => {
        // The revoked one needs no request of a client.
        if (name !== 'revoked') await chatOnce(client, { model, delayMs: 0, name: `${name} ${Math.random()}` });
        const { state } = await client.admin.readCredential(credentialId);
        return state === 'ready' && (name === 'revoked' || (await hasAnswered(client, upstreamKey)));
      };
      await eventually(`${name} is ready`, isBack, { withinMs: BACK_WITHIN_MS, everyMs: 200 });
      return `${name} after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
    }),
  );
  return times.join(', ');
}

/** Its last request was served. */
async function hasAnswered(client: SluiceClient, key: string): Promise<boolean> {
  return (await client.simulator.requests({ key })).requests.at(-1)?.status === 200;
}
