import { UPSTREAMS } from '@sluice/manifests/upstreams';
import { expect, test } from 'vitest';
import { readLauncherEnvironment } from './launcher-environment.js';
import { listServices, loopbackUrl } from './services.js';
import type { ServiceContext } from './services.js';

const WORKERS = [...new Set(UPSTREAMS.map(({ worker }) => worker))];
const OTHERS = WORKERS.filter((worker) => worker !== 'openai-worker');

function contextOf(environment: NodeJS.ProcessEnv): ServiceContext {
  const {
    SLUICE_REPLICAS: replicas,
    SLUICE_PORT: gatewayPort,
    SLUICE_HOST: gatewayHost,
  } = readLauncherEnvironment({ environment, root: '/srv/sluice' });
  let nextPort = 20_000;
  return {
    root: '/srv/sluice',
    environment: {},
    gatewayPort,
    gatewayHost,
    hasSimulator: true,
    replicas,
    portOf: () => Promise.resolve((nextPort += 1)),
  };
}

test('runs one of each, the gateway at the port that was asked for', async () => {
  const services = await listServices(contextOf({ SLUICE_PORT: '9090', SLUICE_HOST: '0.0.0.0' }));
  expect(services.map(({ name }) => name)).toEqual(['simulator', 'gateway', ...WORKERS]);
  expect(services[1]).toMatchObject({
    environment: { SLUICE_PORT: '9090', SLUICE_HOST: '0.0.0.0' },
    ready: { url: 'http://127.0.0.1:9090/readyz' },
  });
});

test('runs as many replicas as asked for, further gateways at ports of their own', async () => {
  const services = await listServices(contextOf({ SLUICE_REPLICAS: 'gateway=2, openai-worker=3' }));
  expect(services.map(({ name }) => name)).toEqual([
    'simulator',
    'gateway',
    'gateway-2',
    'openai-worker',
    'openai-worker-2',
    'openai-worker-3',
    ...OTHERS,
  ]);
  const ports = services.map(
    ({ environment }) => environment['SLUICE_PORT'] ?? environment['WORKER_PORT'] ?? environment['SIMULATOR_PORT'],
  );
  expect(new Set(ports).size).toBe(services.length);
});

test('refuses replicas of what there is not, and a value that cannot be read', async () => {
  await expect(Promise.resolve().then(() => listServices(contextOf({ SLUICE_REPLICAS: 'gatway=2' })))).rejects.toThrow(
    `there are: gateway, ${WORKERS.join(', ')}`,
  );
  expect(() => contextOf({ SLUICE_REPLICAS: 'gateway:2', SLUICE_PORT: 'web' })).toThrow(
    /SLUICE_PORT: must be a port[^]*SLUICE_REPLICAS: “gateway:2” is not/,
  );
});

test('calls a server that listens everywhere by an address that can be called', () => {
  expect(loopbackUrl({ host: '0.0.0.0', port: 1 })).toBe('http://127.0.0.1:1');
  expect(loopbackUrl({ host: '::', port: 1 })).toBe('http://[::1]:1');
  expect(loopbackUrl({ host: '192.168.1.4', port: 1 })).toBe('http://192.168.1.4:1');
});
