import { rm } from 'node:fs/promises';
import type { CombinedLog } from './combined-log.js';
import type { Instance } from './instance.js';
import type { ProcessSet } from './process-set.js';

/** Beyond the services' own deadline, for what they do after it. */
const SERVICE_MARGIN_MS = 1_000;
/** With the services' 15 s this leaves some of the 20 s in which everything has to be gone. */
const STORE_GRACE_MS = 2_500;
const STORES = ['redis', 'postgres'];

/** Those who serve first, then what they lean on: work in flight may still read its upstream and write its result. */
export async function stopInstance(options: {
  instance: Instance;
  processes: ProcessSet;
  log: CombinedLog;
  atOnce: AbortSignal;
}): Promise<void> {
  const { instance, processes, log, atOnce } = options;
  const serving = processes.names().filter((name) => name !== 'simulator' && !STORES.includes(name));
  const graceMs = instance.settings.SHUTDOWN_MS + SERVICE_MARGIN_MS;
  log.say('info', 'stopping; work in flight is finished first');
  const hurry = () => void processes.stop({ names: [...serving, 'simulator'], graceMs: 0 });
  atOnce.addEventListener('abort', hurry, { once: true });
  try {
    await processes.stop({ names: serving, graceMs: atOnce.aborted ? 0 : graceMs });
    await processes.stop({ names: ['simulator', ...STORES], graceMs: STORE_GRACE_MS });
  } finally {
    atOnce.removeEventListener('abort', hurry);
    processes.onPidChange = () => undefined;
    // A file that names a running instance where there is none misleads; its lasting values are kept elsewhere.
    await rm(instance.home.runFile, { force: true });
    await rm(instance.home.processesFile, { force: true });
    log.say('info', 'stopped');
    await log.close();
    await instance.release();
  }
}
