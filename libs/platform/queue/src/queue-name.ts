import type { QueueClass } from '@sluice/contracts/jobs';

/** One queue per upstream and class, so that a slow upstream never stands in another's way. */
export function queueName(upstreamId: string, queueClass: QueueClass): string {
  return `${upstreamId}-${queueClass}`;
}
