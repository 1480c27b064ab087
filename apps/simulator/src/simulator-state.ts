import type { Clock } from './clock.js';
import { Journal } from './control/journal.js';
import { KeyStates } from './control/key-states.js';
import { Quotas } from './control/quotas.js';
import { AttemptCounter } from './faults/attempt-counter.js';
import { FaultRules } from './faults/fault-rules.js';
import { FileStore } from './gemini/file-store.js';
import { GrokSite } from './grok/grok-site.js';
import { ImageStore } from './openai/image-store.js';
import { SoraSite } from './sora-web/sora-site.js';
import { VideoStore } from './videos/video-store.js';
import { WebhookInbox } from './webhooks/webhook-inbox.js';

/** Everything the simulator remembers between requests. */
export class SimulatorState {
  readonly journal: Journal;
  readonly keys: KeyStates;
  readonly quotas: Quotas;
  readonly videos: VideoStore;
  readonly images: ImageStore;
  readonly webhooks: WebhookInbox;
  readonly grok: GrokSite;
  readonly sora: SoraSite;
  readonly googleFiles: FileStore;
  readonly rules = new FaultRules();
  readonly attempts = new AttemptCounter();

  /** The given one, and as far ahead of it as was asked for. */
  readonly clock: Clock;
  private aheadMs = 0;

  constructor(own: Clock) {
    const clock = () => own() + this.aheadMs;
    this.clock = clock;
    this.journal = new Journal(clock);
    this.keys = new KeyStates(clock);
    this.videos = new VideoStore(clock);
    this.images = new ImageStore(clock);
    this.webhooks = new WebhookInbox(clock);
    this.grok = new GrokSite(clock);
    this.sora = new SoraSite(clock);
    this.quotas = new Quotas(clock);
    this.googleFiles = new FileStore(clock);
  }

  /** All that follows from time comes so much sooner. */
  advance(ms: number): number {
    this.aheadMs += ms;
    return this.clock();
  }

  reset(): void {
    this.aheadMs = 0;
    this.journal.clear();
    this.keys.clear();
    this.videos.clear();
    this.images.clear();
    this.webhooks.clear();
    this.grok.clear();
    this.sora.clear();
    this.googleFiles.clear();
    this.quotas.clear();
    this.rules.clear();
    this.attempts.clear();
  }
}
