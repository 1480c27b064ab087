import assert from 'node:assert/strict';
import { eventually } from '../../harness/eventually.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { unique } from '../../harness/unique.js';
import { readSubmissions } from '../../scenarios/durable-videos.js';

const WITHIN_MS = 90_000;

/** A vendor of videos that has no list: between what was taken on and its word there is nothing to be found. */
export async function proveUnknown(client: SluiceClient): Promise<string> {
  const settings = { upstream: 'sora', kind: 'videos-api' };
  const { model, upstreamKey } = await client.admin.createModel(settings);
  await client.simulator.addFault({
    match: { path: '/v1/videos', method: 'GET', key: upstreamKey },
    fault: { status: 404 },
  });
  const word = unique('unlisted');
  const body = { model, prompt: `${word} [[sim:accept-first,lost-reply]]`, seconds: '4' };
  const { id } = await client.openai.post<{ id: string }>('/videos', { body });
  const shown = await eventually(
    'it is shown to the operator after a look-up',
    async () => {
      const { text } = await client.admin.call('GET', '/generations/stuck?limit=100');
      const { generations } = JSON.parse(text) as { generations: { id: string; error?: { message: string } | null }[] };
      const found = generations.find((each) => each.id === id.replace('video_', 'gen_'));
      return found?.error?.message.includes('lists no videos') && found;
    },
    { withinMs: WITHIN_MS, everyMs: 500 },
  );
  const accepted = (await readSubmissions(client.simulator.url, word)).get(body.prompt);
  assert.equal(accepted, 1);
  return `submitted ${accepted} time; the operator reads: ${shown.error?.message}`;
}
