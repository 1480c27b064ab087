import { rm } from 'node:fs/promises';
import { endLeftovers } from './leftovers.js';
import type { LauncherEnvironment } from './launcher-environment.js';
import { readLauncherEnvironment } from './launcher-environment.js';
import type { LauncherMemory } from './launcher-memory.js';
import { readMemory } from './launcher-memory.js';
import type { Home } from './home.js';
import { openHome } from './home.js';
import { choosePort } from './free-port.js';
import { takeInstanceLock } from './instance-lock.js';
import { PortBook } from './port-book.js';
import { requireGatewayPort } from './require-gateway-port.js';
import type { Secrets } from './secrets.js';
import { loadSecrets } from './secrets.js';

/** One home, held: what every later step of a start needs. */
export interface Instance {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly settings: LauncherEnvironment;
  readonly home: Home;
  readonly secrets: Secrets;
  readonly memory: LauncherMemory;
  readonly ports: PortBook;
  readonly gatewayPort: number;
  release(): Promise<void>;
}

/** Checks all that can be checked before a process starts. Throws an error that says what to mend. */
export async function openInstance({
  root,
  environment,
}: {
  root: string;
  environment: NodeJS.ProcessEnv;
}): Promise<Instance> {
  const settings = readLauncherEnvironment({ environment, root });
  const home = await openHome(settings.SLUICE_HOME);
  const lock = await takeInstanceLock(home);
  try {
    await endLeftovers(home.processesFile);
    await rm(home.runFile, { force: true });
    const secrets = await loadSecrets({ path: home.secretsFile, chosen: chosenSecrets(settings) });
    const memory = await readMemory(home.memoryFile);
    const ports = new PortBook(memory.ports);
    const gatewayPort = await settlePort(settings);
    return { root, environment, settings, home, secrets, memory, ports, gatewayPort, release: () => lock.release() };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function settlePort({ SLUICE_PORT: port, SLUICE_HOST: host }: LauncherEnvironment): Promise<number> {
  if (port === 0) return choosePort({ preferred: undefined, taken: new Set() });
  await requireGatewayPort({ port, host });
  return port;
}

function chosenSecrets(settings: LauncherEnvironment): Partial<Secrets> {
  const chosen = {
    apiKey: settings.SLUICE_API_KEY,
    adminToken: settings.SLUICE_ADMIN_TOKEN,
    adminEmail: settings.SLUICE_ADMIN_EMAIL,
    adminPassword: settings.SLUICE_ADMIN_PASSWORD,
    masterKey: settings.SLUICE_MASTER_KEY,
  };
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
}
