import type { TestProject } from 'vitest/node';
import { serveTestStores } from './serve-test-stores.js';

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stores = await serveTestStores();
  project.provide('testStoresUrl', stores.url);
  return () => stores.stop();
}
