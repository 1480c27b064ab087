import { SluiceClient } from '../harness/sluice-client.js';
import { startSluice } from '../harness/start-sluice.js';
import type { Capability } from './capability.js';
import { badInputChecks } from './durable/bad-input.js';
import { benchChecks } from './durable/bench.js';
import { chaosChecks } from './durable/chaos.js';
import { idempotencyChecks } from './durable/idempotency.js';
import { sdkChecks } from './durable/sdks.js';
import { openStored } from './durable/stored.js';
import { survivalChecks } from './durable/survival.js';

/** Videos: submitted once, paid once, finished once. */
export const durable: Capability = {
  name: 'durable',
  async run(prove) {
    const sluice = await startSluice({
      environment: { SLUICE_DEMO: 'on', SLUICE_REPLICAS: 'gateway=2', LOG_LEVEL: 'warn' },
    });
    const stored = openStored(sluice);
    try {
      const client = new SluiceClient(sluice.run);
      await prove(sdkChecks(client));
      await prove(idempotencyChecks(client, stored));
      await prove(badInputChecks(client, stored));
      await prove(survivalChecks({ client, sluice, stored }));
    } finally {
      await stored.close();
      await sluice.stop();
    }
    await prove(chaosChecks());
    await prove(await benchChecks());
  },
};
