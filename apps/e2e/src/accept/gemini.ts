import { SluiceClient } from '../harness/sluice-client.js';
import { startSluice } from '../harness/start-sluice.js';
import type { Capability } from './capability.js';
import { namedTestChecks } from './gemini/named-tests.js';
import { newUpstreamChecks } from './gemini/new-upstream.js';
import { quotaChecks } from './gemini/quotas.js';
import { sdkChecks } from './gemini/sdk-flows.js';

/** Google's API in front and behind, with pools of keys; and how another upstream is added. */
export const gemini: Capability = {
  name: 'gemini',
  async run(prove) {
    const sluice = await startSluice({
      environment: { SLUICE_DEMO: 'on', SLUICE_REPLICAS: 'gemini-worker=2', LOG_LEVEL: 'warn' },
    });
    try {
      const client = new SluiceClient(sluice.run);
      await prove(quotaChecks(client));
    } finally {
      await sluice.stop();
    }
    await prove(sdkChecks());
    await prove(namedTestChecks());
    await prove(newUpstreamChecks());
  },
};
