import type { TestProject } from 'vitest/node';
import type { RunFile } from './run-file.js';
import { startSluice } from './start-sluice.js';

declare module 'vitest' {
  interface ProvidedContext {
    run: RunFile;
  }
}

/** Short, so that a test sees what users see only after many seconds. */
export const HOLD_MS = 2_500;
export const HEARTBEAT_MS = 500;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const sluice = await startSluice({
    environment: {
      SLUICE_DEMO: 'on',
      SLUICE_HOLD_MS: String(HOLD_MS),
      SLUICE_HEARTBEAT_MS: String(HEARTBEAT_MS),
      LOG_LEVEL: 'warn',
    },
  });
  project.provide('run', sluice.run);
  return async () => void (await sluice.stop());
}
