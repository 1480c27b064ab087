import { inject } from 'vitest';
import { SluiceClient } from './sluice-client.js';

/** The Sluice that all test files share: its processes are left alone. */
export function sharedSluice(): SluiceClient {
  return new SluiceClient(inject('run'));
}
