import {
  backgroundIsCancelled,
  backgroundIsDeleted,
  backgroundIsPolledAndReplayed,
  backgroundOutlivesItsClient,
  backgroundOutlivesItsGateway,
  backgroundOutlivesItsWorker,
} from '../../scenarios/background-response.js';
import type { RunningSluice } from '../../scenarios/background-response.js';
import type { Check } from '../capability.js';

/** Of two gateways and one worker, which some of them kill. */
export function backgroundChecks(sluice: RunningSluice): Check[] {
  const check = (title: string, scenario: (sluice: RunningSluice) => Promise<string>): Check => ({
    title: `a background response ${title}`,
    prove: () => scenario(sluice),
  });
  return [
    check('is polled, and told from every event on by every gateway', backgroundIsPolledAndReplayed),
    check('goes on without its client', backgroundOutlivesItsClient),
    check('is cancelled up to its upstream', backgroundIsCancelled),
    check('is deleted while it runs', backgroundIsDeleted),
    check('outlives kill -9 of its worker', backgroundOutlivesItsWorker),
    check('outlives kill -9 of its gateway', backgroundOutlivesItsGateway),
    check('outlives a restart of its gateway', (running) => backgroundOutlivesItsGateway(running, 'SIGTERM')),
  ];
}
