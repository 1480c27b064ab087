import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    testStoresUrl: string;
  }
}

/** Asks the vitest main process for a store, which starts it when nobody has before. */
export async function askTestStores<Address>(path: '/postgres' | '/redis'): Promise<Address> {
  const response = await fetch(`${inject('testStoresUrl')}${path}`);
  if (!response.ok) throw new Error(`The shared test stores did not start: ${await response.text()}`);
  return (await response.json()) as Address;
}
