import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../harness/eventually.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';
import { unique } from '../../harness/unique.js';
import { createSoraPool } from '../../scenarios/sora-pool.js';
import type { Check } from '../capability.js';
import type { Stored } from '../durable/stored.js';
import { proveUnknown } from './unknown.js';
import { soraWorkers } from './workers.js';
import { makeSources, orders, readAccepted, type Kind, type Order } from './orders.js';

const ACCOUNTS = 8;
/** Each of what only sessions make. */
const FEW = 5;
const WISHES: Readonly<Record<Kind, number>> = {
  key: 20,
  session: 20,
  remix: FEW,
  storyboard: FEW,
  extension: FEW,
  image: FEW,
};
const WHAT = '20 videos by key, 20 by session, remixes, storyboards, extensions and pictures';
const QUICK = 'queueMs=500,videoMs=4000';
/** The upstream has taken it on, and takes its time to say so. */
const SLOW_WORD = 'accept-first,first-byte-delay-ms=4000';
const LOST = 'accept-first,lost-reply,queueMs=500';
/** Under way, and among no drafts, whenever it is looked up: its film's shape must not hide it. */
const LONG_MS = 75_000;
const USUAL_MS = 15_000;
const END_WITHIN_MS = 180_000;
const POLL_MS = 500;

interface Setting {
  client: SluiceClient;
  sluice: StartedSluice;
  stored: Stored;
}

export function survivalChecks(setting: Setting): Check[] {
  return [
    {
      title: `kill -9 of all sora-workers as the first are taken on: ${WHAT}, each is submitted once and ends with its file`,
      prove: () => withPool(setting, (made) => proveKill(made, { markers: QUICK, share: 0 })),
    },
    {
      title: 'kill -9 between what was taken on and the word of it: the same',
      prove: () => withPool(setting, (made) => proveKill(made, { markers: `${QUICK},${SLOW_WORD}`, share: 0.5 })),
    },
    {
      title: 'a reply that is lost after the upstream took it on: the same',
      prove: () =>
        withPool(setting, (made) =>
          proveEnds(made, (kind) => `${LOST},videoMs=${kind === 'extension' ? LONG_MS : USUAL_MS}`),
        ),
    },
    {
      title:
        'where the upstream lists nothing, one whose reply was lost is shown to the operator, and not submitted again',
      prove: () => proveUnknown(setting.client),
    },
  ];
}

interface Made extends Setting {
  sources: readonly string[];
}

async function withPool(setting: Setting, prove: (made: Made) => Promise<string>): Promise<string> {
  const pool = await createSoraPool(
    setting.client,
    Array.from({ length: ACCOUNTS }, () => ({})),
  );
  try {
    return await prove({ ...setting, sources: await makeSources(setting.client, FEW) });
  } finally {
    await pool.remove();
  }
}

async function proveKill(made: Made, { markers, share }: { markers: string; share: number }): Promise<string> {
  const strike = async (word: string, total: number): Promise<string> => {
    const accepted = await eventually('some are taken on', async () => {
      const { size } = await readAccepted(made.client, word);
      return size > total * share && size;
    });
    for (const { pid } of await soraWorkers(made.sluice)) process.kill(pid, 'SIGKILL');
    return `killed when ${accepted} were taken on; `;
  };
  return proveEnds(made, () => markers, strike);
}

async function proveEnds(
  { client, stored, sources }: Made,
  markersOf: (kind: Kind) => string,
  strike?: (word: string, total: number) => Promise<string>,
): Promise<string> {
  const word = unique('once');
  const startedAt = performance.now();
  const begun: Order[] = await orders(client, { word, markersOf, wishes: WISHES, sources });
  const total = begun.length;
  const struck = (await strike?.(word, total)) ?? '';
  const endsAt = performance.now() + END_WITHIN_MS;
  const files = await Promise.all(begun.map(({ file }) => file(endsAt)));
  await delay(POLL_MS);
  const accepted = [...(await readAccepted(client, word)).values()];
  const { reserved, settled } = await stored.ledger(word);
  const broken = files.filter((told) => told !== 'whole');
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  const figures = `${struck}${total - broken.length} of ${total} files after ${seconds} s; ${accepted.length} submitted ${Math.min(...accepted)} to ${Math.max(...accepted)} times; ${settled} of ${reserved} units settled`;
  assert.deepEqual(broken, [], figures);
  assert.ok(accepted.length === total && accepted.every((count) => count === 1), figures);
  assert.ok(reserved > 0 && reserved === settled, figures);
  return figures;
}
