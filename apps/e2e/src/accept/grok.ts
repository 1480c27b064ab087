import { SluiceClient } from '../harness/sluice-client.js';
import { startSluice } from '../harness/start-sluice.js';
import type { Capability } from './capability.js';
import { openStored } from './durable/stored.js';
import { flowChecks } from './grok/flows.js';
import { killChecks } from './grok/kill.js';
import { loadChecks } from './grok/load.js';

/** Grok: the official API, and sessions of its website. */
export const grok: Capability = {
  name: 'grok',
  async run(prove) {
    await prove(flowChecks());
    const sluice = await startSluice({ environment: { SLUICE_DEMO: 'on', LOG_LEVEL: 'warn' } });
    const stored = openStored(sluice);
    try {
      const client = new SluiceClient(sluice.run);
      await prove(loadChecks(client));
      await prove(killChecks({ client, sluice, stored }));
    } finally {
      await stored.close();
      await sluice.stop();
    }
  },
};
