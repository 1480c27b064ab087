import type { Clock } from '@sluice/contracts/clock';
import type { JobAddress, Producer } from '@sluice/platform-queue/create-producer';

const PAUSE_MS = 8;
const MOST_TRIES = 40;

/**
 * Starts a generation that waits for a credential. It may be on its way back into the queue still: then it is tried again
 * for a moment. False where it waits no longer; a job that is missed all the same looks again by itself.
 */
export async function startTurn(
  address: JobAddress,
  { producer, clock }: { producer: Pick<Producer, 'promote' | 'has'>; clock: Clock },
): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    if (await producer.promote(address)) return true;
    if (tries === MOST_TRIES || !(await producer.has(address))) return false;
    await new Promise<void>((resolve) => void clock.after(PAUSE_MS, resolve));
  }
}
