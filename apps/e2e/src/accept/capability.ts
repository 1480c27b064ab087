/** One promise, and how it is proved. */
export interface Check {
  title: string;
  /** Answers the figures to be shown; throws when the promise is not kept. */
  prove(): Promise<string>;
}

/** What one `npm run accept -- NAME` proves: every line of its "done when" list. */
export interface Capability {
  name: string;
  /** Whatever the checks share is started and stopped around them. */
  run(prove: (checks: readonly Check[]) => Promise<void>): Promise<void>;
}
