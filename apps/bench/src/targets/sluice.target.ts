import { request } from 'undici';
import { waitUntil } from '../process/wait-until.js';
import { benchModels } from '../upstream/bench-model.js';
import { launchSluice, type SluiceRun } from './launch-sluice.js';
import { chatPath } from './target.js';
import type { RunningTarget, Target, TargetSetting } from './target.js';

/** Sluice as `npm start` runs it, everything on, on a new and empty home. */
export const sluiceTarget: Target = { name: 'sluice', start };

async function start({ upstreamUrl }: TargetSetting): Promise<RunningTarget> {
  const { run, pids, logFile, stop } = await launchSluice();
  await addCredential(run, upstreamUrl);
  await waitUntil(() => answersChat(run), {
    deadlineMs: 15_000,
    message: `sluice answers no chat with the new credential, see ${logFile}`,
  });
  return { url: `${run.gateway}${chatPath}`, headers: { authorization: `Bearer ${run.apiKey}` }, pids, stop };
}

async function addCredential(run: SluiceRun, upstreamUrl: string): Promise<void> {
  const answer = await request(`${run.gateway}/admin/api/credentials`, {
    method: 'POST',
    headers: { authorization: `Bearer ${run.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      upstream: 'openai',
      kind: 'api-key',
      label: 'bench',
      secret: { apiKey: 'bench' },
      baseUrl: `${upstreamUrl}/v1`,
      models: Object.values(benchModels),
      allowPrivateNetwork: true,
    }),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 201) throw new Error(`sluice refused the credential: ${answer.statusCode} ${text}`);
}

async function answersChat(run: SluiceRun): Promise<true | undefined> {
  const answer = await request(`${run.gateway}${chatPath}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${run.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: benchModels.instant, messages: [{ role: 'user', content: 'ready?' }] }),
  });
  await answer.body.dump();
  return answer.statusCode === 200 ? true : undefined;
}
