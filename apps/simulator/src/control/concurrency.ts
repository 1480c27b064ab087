import { redactKey } from './request-record.js';

interface Gauge {
  active: number;
  maximum: number;
  received: number;
}

/** How many requests were under way at once, in all and for each key. */
export class Concurrency {
  readonly #overall: Gauge = newGauge();
  readonly #perKey = new Map<string, Gauge>();

  enter(key: string | undefined): void {
    raise(this.#overall);
    if (key !== undefined) raise(this.#gaugeOf(key));
  }

  leave(key: string | undefined): void {
    this.#overall.active -= 1;
    const gauge = key === undefined ? undefined : this.#perKey.get(key);
    if (gauge !== undefined) gauge.active -= 1;
  }

  /** Forgets the past; requests under way still count as active. */
  clear(): void {
    restart(this.#overall);
    for (const [key, gauge] of this.#perKey) {
      if (gauge.active === 0) this.#perKey.delete(key);
      else restart(gauge);
    }
  }

  /** With a full key, only that key's gauge is listed. */
  show(onlyKey?: string): Record<string, unknown> {
    const gauges = [...this.#perKey].filter(([key]) => onlyKey === undefined || key === onlyKey);
    return { ...this.#overall, perKey: gauges.map(([key, gauge]) => ({ key: redactKey(key), ...gauge })) };
  }

  #gaugeOf(key: string): Gauge {
    let gauge = this.#perKey.get(key);
    if (gauge === undefined) this.#perKey.set(key, (gauge = newGauge()));
    return gauge;
  }
}

function newGauge(): Gauge {
  return { active: 0, maximum: 0, received: 0 };
}

function raise(gauge: Gauge): void {
  gauge.received += 1;
  gauge.active += 1;
  if (gauge.active > gauge.maximum) gauge.maximum = gauge.active;
}

function restart(gauge: Gauge): void {
  gauge.maximum = gauge.active;
  gauge.received = gauge.active;
}
