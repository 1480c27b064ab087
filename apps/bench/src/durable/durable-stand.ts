import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { request } from 'undici';
import { z } from 'zod';
import { LoadGenerator } from '../load/load-generator.js';
import { stopChild } from '../process/child-process.js';
import { launchSluice, type SluiceRun } from '../targets/launch-sluice.js';
import { videoModels, type VideoModel } from '../upstream/videos-model.js';
import { startVideosVendor } from '../upstream/videos-vendor.js';

const MANY_SLOTS = 100_000;
const credentialSchema = z.object({ id: z.string() });

/** A whole Sluice, a vendor of videos, and a load generator. */
export interface DurableStand {
  run: SluiceRun;
  home: string;
  pids: Readonly<Record<string, number>>;
  vendorUrl: string;
  postgres: Postgres;
  generator: LoadGenerator;
  credentialIds: Readonly<Record<VideoModel, string>>;
  stop(): Promise<void>;
}

export async function startDurableStand(): Promise<DurableStand> {
  const vendor = await startVideosVendor();
  const vendorUrl = `http://127.0.0.1:${vendor.port}`;
  const sluice = await launchSluice();
  const generator = await LoadGenerator.start();
  const postgres = createPostgres({ url: sluice.run.databaseUrl, applicationName: 'bench' });
  const credentialIds = Object.fromEntries(
    await Promise.all(
      Object.values(videoModels).map(async (model) => [model, await addCredential(sluice.run, { model, vendorUrl })]),
    ),
  ) as Record<VideoModel, string>;
  return {
    run: sluice.run,
    home: sluice.home,
    pids: sluice.pids,
    vendorUrl,
    postgres,
    generator,
    credentialIds,
    async stop() {
      await postgres.close();
      await generator.stop();
      await sluice.stop();
      await stopChild(vendor.child);
    },
  };
}

async function addCredential(run: SluiceRun, account: { model: VideoModel; vendorUrl: string }): Promise<string> {
  const { model, vendorUrl } = account;
  const answer = await request(`${run.gateway}/admin/api/credentials`, {
    method: 'POST',
    headers: { authorization: `Bearer ${run.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      upstream: 'sora',
      kind: 'videos-api',
      label: model,
      secret: { apiKey: model },
      baseUrl: `${vendorUrl}/v1`,
      models: [model],
      limits: { video: model === videoModels.waiting ? 1 : MANY_SLOTS },
      allowPrivateNetwork: true,
    }),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 201) throw new Error(`sluice refused the credential: ${answer.statusCode} ${text}`);
  return credentialSchema.parse(JSON.parse(text)).id;
}
