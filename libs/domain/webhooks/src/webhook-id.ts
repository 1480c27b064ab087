import { createGenerationId, firstIdAt } from '@sluice/contracts/generation-id';

/** The time leads these ids too, so that they sort by it: cursors and the purge depend on that. */
export function createWebhookId(prefix: 'whe' | 'evt', atMs: number): string {
  return createGenerationId(atMs).replace(/^gen/, prefix);
}

/** Every event from then on sorts after this. */
export function firstEventIdAt(atMs: number): string {
  return firstIdAt(atMs).replace(/^gen/, 'evt');
}
