import type { Clock } from './clock.js';
import { Journal } from './control/journal.js';
import { KeyStates } from './control/key-states.js';
import { Quotas } from './control/quotas.js';
import { AttemptCounter } from './faults/attempt-counter.js';
import { FaultRules } from './faults/fault-rules.js';
import { VideoStore } from './videos/video-store.js';
import { WebhookInbox } from './webhooks/webhook-inbox.js';

/** Everything the simulator remembers between requests. */
export class SimulatorState {
  readonly journal: Journal;
  readonly keys: KeyStates;
  readonly quotas: Quotas;
  readonly videos: VideoStore;
  readonly webhooks: WebhookInbox;
  readonly rules = new FaultRules();
  readonly attempts = new AttemptCounter();

  constructor(readonly clock: Clock) {
    this.journal = new Journal(clock);
    this.keys = new KeyStates(clock);
    this.videos = new VideoStore(clock);
    this.webhooks = new WebhookInbox(clock);
    this.quotas = new Quotas(clock);
  }

  reset(): void {
    this.journal.clear();
    this.keys.clear();
    this.videos.clear();
    this.webhooks.clear();
    this.quotas.clear();
    this.rules.clear();
    this.attempts.clear();
  }
}
