import assert from 'node:assert/strict';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { untilEnded, VIDEO_MODEL } from '../../scenarios/durable-videos.js';
import type { Stored } from './stored.js';

/** Such as a length that only the vendor knows it cannot make. */
export async function proveRefusedByUpstream(client: SluiceClient, stored: Stored, word: string): Promise<string> {
  const prompt = `${word} [[sim:status=400,errorMessage=no such length]]`;
  const { id } = await client.openai.videos.create({ model: VIDEO_MODEL as never, prompt, seconds: '12' });
  const { status, error } = await untilEnded(client.openai, id);
  const ledger = await stored.ledger(word);
  const figures = `${status}: ${error?.code} ${error?.message}; reserved ${ledger.reserved} s, settled ${ledger.settled}, refunded ${ledger.refunded}`;
  assert.ok(status === 'failed' && ledger.reserved === 12 && ledger.settled === 0 && ledger.refunded === 12, figures);
  return figures;
}
