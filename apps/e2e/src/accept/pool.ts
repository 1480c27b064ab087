import { SluiceClient } from '../harness/sluice-client.js';
import { startSluice } from '../harness/start-sluice.js';
import type { Capability } from './capability.js';
import { limitChecks } from './pool/limits.js';
import { lossChecks } from './pool/loss.js';
import { secretChecks } from './pool/secrets.js';
import { stateChecks } from './pool/states.js';
import { waitingChecks } from './pool/waiting.js';

/** Credentials shared by workers: limits that hold, states that are true, nothing that leaks. */
export const pool: Capability = {
  name: 'pool',
  async run(prove) {
    const sluice = await startSluice({ environment: { SLUICE_REPLICAS: 'openai-worker=2', LOG_LEVEL: 'warn' } });
    try {
      const client = new SluiceClient(sluice.run);
      await prove(waitingChecks(client));
      await prove(limitChecks({ client, sluice }));
      await prove(stateChecks(client));
      await prove(lossChecks(client));
      await prove(secretChecks({ client, sluice }));
    } finally {
      await sluice.stop();
    }
  },
};
