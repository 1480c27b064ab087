import { startSluice } from '../harness/start-sluice.js';
import { SluiceClient } from '../harness/sluice-client.js';
import type { Capability } from './capability.js';
import { clientErrorChecks } from './spine/client-errors.js';
import { documentationChecks } from './spine/documentation.js';
import { freshCloneChecks } from './spine/fresh-clone.js';
import { killChecks } from './spine/kill.js';
import { speedChecks } from './spine/speed.js';
import { upstreamFailureChecks } from './spine/upstream-failures.js';
import { warmStartChecks } from './spine/warm-start.js';

/** The workspace, one command to run it, one chat all the way through. */
export const spine: Capability = {
  name: 'spine',
  async run(prove) {
    await prove(freshCloneChecks());
    await prove(warmStartChecks());
    const sluice = await startSluice({
      environment: { SLUICE_DEMO: 'on', SLUICE_REPLICAS: 'gateway=2', LOG_LEVEL: 'warn' },
    });
    try {
      const client = new SluiceClient(sluice.run);
      await prove([...clientErrorChecks(client), ...upstreamFailureChecks(client), ...killChecks(sluice)]);
    } finally {
      await sluice.stop();
    }
    await prove([...speedChecks(), ...documentationChecks()]);
  },
};
