import { SluiceClient } from '../harness/sluice-client.js';
import { startSluice, type StartedSluice } from '../harness/start-sluice.js';
import type { Capability } from './capability.js';
import { openStored } from './durable/stored.js';
import { clientFlowChecks } from './sora/client-flows.js';
import { loadChecks } from './sora/load.js';
import { painPointChecks } from './sora/pain-points.js';
import { proofChecks } from './sora/proof-of-work.js';
import { survivalChecks } from './sora/survival.js';

/** Sora: whoever speaks its videos protocol, and sessions of the website that it was. */
export const sora: Capability = {
  name: 'sora',
  async run(prove) {
    await prove(painPointChecks());
    // Its credentials are changed for each target: nobody else's work is in it.
    await withSluice({ SLUICE_DEMO: 'on' }, async (sluice) => {
      await prove(clientFlowChecks(new SluiceClient(sluice.run)));
    });
    await withSluice({ SLUICE_DEMO: 'on', SLUICE_REPLICAS: 'sora-worker=2' }, async (sluice) => {
      const stored = openStored(sluice);
      try {
        const setting = { client: new SluiceClient(sluice.run), sluice, stored };
        await prove(proofChecks(setting));
        await prove(loadChecks(setting));
        await prove(survivalChecks(setting));
      } finally {
        await stored.close();
      }
    });
  },
};

async function withSluice(
  environment: Record<string, string>,
  use: (sluice: StartedSluice) => Promise<void>,
): Promise<void> {
  const sluice = await startSluice({ environment: { LOG_LEVEL: 'warn', ...environment } });
  try {
    await use(sluice);
  } finally {
    await sluice.stop();
  }
}
