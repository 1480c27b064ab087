import { SluiceClient } from '../harness/sluice-client.js';
import { startSluice } from '../harness/start-sluice.js';
import type { StartedSluice } from '../harness/start-sluice.js';
import type { Capability } from './capability.js';
import { backgroundChecks } from './text/background.js';
import { conformanceChecks } from './text/conformance.js';
import { descriptionChecks } from './text/description.js';
import { errorStatusChecks } from './text/error-statuses.js';
import { painPointChecks } from './text/pain-points.js';
import { replicaChecks } from './text/replicas.js';
import { translationChecks } from './text/translation.js';
import { wrongFieldChecks } from './text/wrong-fields.js';

/** Every text dialect in front of every kind of upstream, as its official SDKs see it. */
export const text: Capability = {
  name: 'text',
  async run(prove) {
    await withSluice('gateway=2,openai-worker=2', async ({ run }) => {
      const client = new SluiceClient(run);
      await prove(await conformanceChecks(client));
      await prove(descriptionChecks(client));
      await prove(wrongFieldChecks(client));
      await prove(errorStatusChecks(client));
      await prove(replicaChecks(client));
    });
    await withSluice('gateway=2', (sluice) => prove(backgroundChecks(sluice)));
    await prove([...translationChecks(), ...painPointChecks()]);
  },
};

async function withSluice(replicas: string, use: (sluice: StartedSluice) => Promise<void>): Promise<void> {
  const sluice = await startSluice({
    environment: { SLUICE_DEMO: 'on', SLUICE_REPLICAS: replicas, LOG_LEVEL: 'warn' },
  });
  try {
    await use(sluice);
  } finally {
    await sluice.stop();
  }
}
