import { spreadOf } from '../measure/spread.js';
import type { Spread } from '../measure/spread.js';
import type { Measurement } from '../measurement.js';

/** Reads the same figure out of every turn of one scenario at one target. */
export class Figures {
  readonly targets: readonly string[];
  readonly scenarios: readonly string[];

  constructor(
    private readonly measurements: readonly Measurement[],
    order: { targets: readonly string[]; scenarios: readonly string[] },
  ) {
    this.targets = order.targets.filter((name) => measurements.some(({ target }) => target === name));
    this.scenarios = order.scenarios.filter((id) => measurements.some(({ scenario }) => scenario === id));
  }

  of(target: string, scenario: string): Measurement[] {
    return this.measurements.filter((one) => one.target === target && one.scenario === scenario);
  }

  spread(
    place: { target: string; scenario: string },
    figure: (measurement: Measurement) => number | null | undefined,
  ): Spread | null {
    const values = this.of(place.target, place.scenario).map(figure);
    return spreadOf(values.filter((value): value is number => typeof value === 'number'));
  }

  /** Compares two targets within each turn, where the machine was most alike. */
  compare(
    { target, base, scenario }: { target: string; base: string; scenario: string },
    figure: (target: Measurement, base: Measurement) => number | null | undefined,
  ): Spread | null {
    const values = this.of(target, scenario).map((measured) => {
      const other = this.of(base, scenario).find(({ turn }) => turn === measured.turn);
      return other === undefined ? undefined : figure(measured, other);
    });
    return spreadOf(values.filter((value): value is number => typeof value === 'number'));
  }

  errors(target: string, scenario: string): Record<string, number> {
    const sum: Record<string, number> = {};
    for (const { errors } of this.of(target, scenario)) {
      for (const [name, count] of Object.entries(errors)) sum[name] = (sum[name] ?? 0) + count;
    }
    return sum;
  }
}
