import assert from 'node:assert/strict';
import { expectSuccess } from '../../harness/admin-client.js';
import { eventually } from '../../harness/eventually.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';
import { unique } from '../../harness/unique.js';
import { readSubmissions } from '../../scenarios/durable-videos.js';
import { KEY_MODELS, WEB_MODELS } from '../../scenarios/grok.js';
import type { Check } from '../capability.js';
import type { GenerationRow, Stored } from '../durable/stored.js';

interface Setting {
  client: SluiceClient;
  sluice: StartedSluice;
  stored: Stored;
}

const VIDEOS = 6;
/** Else the strike came too soon to say anything. */
const LEAST_SUBMITTED = 3;
const KEYS = 3;
const MARKERS = '[[sim:queueMs=500,videoMs=4000]]';
/** What was lost between intent and operation is looked up twice, the second time a minute after. */
const END_WITHIN_MS = 150_000;
const LOST_WITHIN_MS = 30_000;

export function killChecks(setting: Setting): Check[] {
  return [
    {
      title: 'kill -9 in the middle of videos, official keys: one submission, the right account, a finished file',
      prove: async () => {
        await addKeys(setting.client);
        // The vendor lists nothing: between intent and id there is nothing to be found, so that is not this line's moment.
        return proveKill(setting, { model: KEY_MODELS.video, isMidway: (rows) => rows.every(isMade) });
      },
    },
    {
      title:
        'kill -9 in the middle of videos, sessions: found through the assets of the account or shown as unknown, never submitted again',
      prove: () =>
        proveKill(setting, { model: WEB_MODELS.video, isMidway: (rows) => rows.some(isMade), mayBeUnknown: true }),
    },
    {
      title: 'a session’s video whose reply is lost is shown as unknown, and not submitted again',
      prove: () => proveUnknown(setting),
    },
  ];
}

/** A video is known to the key alone that made it. */
async function addKeys({ admin, run }: SluiceClient): Promise<void> {
  for (let number = 0; number < KEYS; number += 1) {
    const label = unique('xai');
    const body = {
      ...admin.credential(label),
      upstream: 'grok',
      baseUrl: `${run.simulator ?? ''}/xai/v1`,
      models: [KEY_MODELS.video],
    };
    expectSuccess(await admin.call('POST', '/credentials', body));
  }
}

interface Strike {
  model: string;
  /** Whether it is the moment to strike. */
  isMidway(rows: readonly GenerationRow[]): boolean;
  /** One that was prepared, and of which nobody can tell whether it was submitted, is shown as unknown. */
  mayBeUnknown?: boolean;
}

async function proveKill(
  { client, sluice, stored }: Setting,
  { model, isMidway, mayBeUnknown = false }: Strike,
): Promise<string> {
  const simulator = client.run.simulator ?? '';
  const word = unique('survives');
  const ids: string[] = [];
  for (let number = 0; number < VIDEOS; number += 1) {
    const answer = await client.call('/v1/videos', { body: { model, prompt: `${word} ${number} ${MARKERS}` } });
    assert.equal(answer.status, 200, answer.text);
    ids.push((answer.json() as { id: string }).id);
  }
  const submitted = async () => readSubmissions(simulator, word);
  await eventually('they are being made', async () => isMidway(await stored.videos(word)));
  const { pids } = await sluice.readRun();
  process.kill(pids['grok-worker'] ?? 0, 'SIGKILL');
  const { rows, counts } = await eventually(
    'what was submitted ends',
    async () => {
      const found = await stored.videos(word);
      const made = [...(await submitted()).values()];
      const isSettled =
        found.filter(isOver).length >= made.length && found.every((row) => isOver(row) || isUnknown(row));
      return isSettled ? { rows: found, counts: made } : assert.fail(statesOf(found));
    },
    { withinMs: END_WITHIN_MS, everyMs: 500 },
  );
  const figures = `${statesOf(rows)}; ${counts.length} of ${VIDEOS} submitted, each ${Math.min(...counts)} to ${Math.max(...counts)} times`;
  // One that was struck before its paid call stays unknown, and is the operator's to judge.
  const done = rows.filter(({ state }) => state === 'succeeded');
  assert.ok(rows.length === VIDEOS && done.length === counts.length && counts.length >= LEAST_SUBMITTED, figures);
  assert.ok(
    rows.every((row) => row.state === 'succeeded' || (mayBeUnknown && isUnknown(row))),
    figures,
  );
  assert.ok(
    counts.every((count) => count === 1),
    figures,
  );
  let files = 0;
  for (const id of ids) {
    const file = await client.call(`/v1/videos/${id}/content`);
    if (file.status === 200 && file.headers['content-type'] === 'video/mp4') files += 1;
  }
  assert.equal(files, done.length, figures);
  return `${figures}; ${files} files`;
}

async function proveUnknown({ client, stored }: Setting): Promise<string> {
  const word = unique('lost');
  const body = { model: WEB_MODELS.video, prompt: `${word} [[sim:lost-reply]]` };
  assert.equal((await client.call('/v1/videos', { body })).status, 200);
  const [row] = await eventually(
    'it is unknown what became of it',
    async () => {
      const found = await stored.videos(word);
      return found[0]?.state === 'submit_unknown' ? found : assert.fail(statesOf(found));
    },
    { withinMs: LOST_WITHIN_MS, everyMs: 200 },
  );
  const { counts } = await client.simulator.requests({ prompt: word });
  assert.equal(counts.received, 1);
  return `state ${row?.state ?? ''}, ${counts.received} call for it`;
}

/** The upstream has told what it is called there. */
function isMade({ state }: GenerationRow): boolean {
  return state === 'submitted' || state === 'running';
}

function isUnknown({ state }: GenerationRow): boolean {
  return state === 'submit_unknown';
}

function isOver({ state }: GenerationRow): boolean {
  return ['succeeded', 'failed', 'cancelled', 'expired'].includes(state);
}

function statesOf(rows: readonly GenerationRow[]): string {
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}
