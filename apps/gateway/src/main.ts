import 'reflect-metadata';
import { systemClock } from '@sluice/contracts/clock';
import { runProcess } from '@sluice/platform-process/run-process';
import { createServer } from './create-server.js';
import { loadGatewayConfig } from './gateway-environment.js';
import { createGatewayServices } from './gateway-services.js';
import { openGatewayStores } from './gateway-stores.js';
import { closeInOrder } from './close-in-order.js';

await runProcess({
  service: 'gateway',
  loadConfig: loadGatewayConfig,
  async start({ config, logger }) {
    const stores = await openGatewayStores(config, logger);
    const services = await createGatewayServices({ config, stores, logger, clock: systemClock });
    const app = await createServer(config, services);
    await app.listen(config.SLUICE_PORT, config.SLUICE_HOST);
    logger.info({ url: await app.getUrl() }, 'gateway ready');
    return { stop: (deadlineMs) => closeInOrder({ app, services, stores, deadlineMs, clock: systemClock }) };
  },
});
