import type { Clock } from './clock.js';
import { Journal } from './control/journal.js';
import { KeyStates } from './control/key-states.js';
import { AttemptCounter } from './faults/attempt-counter.js';
import { FaultRules } from './faults/fault-rules.js';

/** Everything the simulator remembers between requests. */
export class SimulatorState {
  readonly journal: Journal;
  readonly keys: KeyStates;
  readonly rules = new FaultRules();
  readonly attempts = new AttemptCounter();

  constructor(readonly clock: Clock) {
    this.journal = new Journal(clock);
    this.keys = new KeyStates(clock);
  }

  reset(): void {
    this.journal.clear();
    this.keys.clear();
    this.rules.clear();
    this.attempts.clear();
  }
}
