import { parseArgs } from 'node:util';
import { SluiceClient } from '../harness/sluice-client.js';
import { startSluice } from '../harness/start-sluice.js';
import type { StartedSluice } from '../harness/start-sluice.js';
import type { Capability } from './capability.js';
import { audioChecks } from './media/audio.js';
import { batchFlowChecks } from './media/batch-flows.js';
import { batchChecks } from './media/batches.js';
import { filesChecks } from './media/files.js';
import { imageChecks } from './media/images.js';
import { mediaChatChecks } from './media/media-chat.js';
import { mediaFieldChecks } from './media/fields.js';
import { studioChecks } from './media/studio.js';
import { webhookChaosChecks } from './media/webhook-chaos.js';
import { webhookChecks } from './media/webhooks.js';

/** Around the videos: images, media in chat, files, audio, batches, webhooks, the studio. */
export const media: Capability = {
  name: 'media',
  async run(prove) {
    await withSluice(async ({ client }) => {
      await prove(imageChecks(client));
      await prove(audioChecks(client));
      await prove(filesChecks(client));
      await prove(batchFlowChecks(client));
      await prove(webhookChecks(client));
      await prove(mediaChatChecks(client));
      await prove(mediaFieldChecks(client));
    });
    await withSluice((setting) => prove(studioChecks(setting)));
    await withSluice((setting) => prove(batchChecks(setting, readLines())));
    await prove(webhookChaosChecks());
  },
};

/** Shorter: `npm run accept -- media --lines 2000`. */
function readLines(): number | undefined {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    options: { lines: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  });
  return typeof values['lines'] === 'string' ? Number(values['lines']) : undefined;
}

async function withSluice(use: (setting: { client: SluiceClient; sluice: StartedSluice }) => Promise<void>) {
  const sluice = await startSluice({ environment: { SLUICE_DEMO: 'on', LOG_LEVEL: 'warn' } });
  try {
    await use({ client: new SluiceClient(sluice.run), sluice });
  } finally {
    await sluice.stop();
  }
}
