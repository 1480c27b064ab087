/**
 * Holds processes still while others are measured: kept running, an idle service wakes for its timers, collects its
 * garbage and flushes its files, at the cost of whoever is measured then.
 */
export class Freezer {
  private readonly frozen = new Set<number>();

  constructor() {
    // What is still frozen could not be asked to end.
    process.once('exit', () => this.thaw([...this.frozen]));
  }

  freeze(pids: readonly number[]): void {
    for (const pid of pids) {
      process.kill(pid, 'SIGSTOP');
      this.frozen.add(pid);
    }
  }

  thaw(pids: readonly number[]): void {
    for (const pid of pids) {
      if (!this.frozen.delete(pid)) continue;
      process.kill(pid, 'SIGCONT');
    }
  }
}
