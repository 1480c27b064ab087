import { choosePort } from './free-port.js';

/** Inner ports by name: those of last time where they are still free. */
export class PortBook {
  readonly #chosen = new Map<string, Promise<number>>();
  readonly #taken = new Set<number>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly preferred: Readonly<Record<string, number>>) {}

  portOf(name: string): Promise<number> {
    const known = this.#chosen.get(name);
    if (known !== undefined) return known;
    // One after the other, so that no two names get the same.
    const port = this.#last.then(() => choosePort({ preferred: this.preferred[name], taken: this.#taken }));
    this.#last = port.then((chosen) => this.#taken.add(chosen));
    this.#chosen.set(name, port);
    return port;
  }

  async chosen(): Promise<Record<string, number>> {
    const pairs = [...this.#chosen].map(async ([name, port]) => [name, await port] as const);
    return { ...this.preferred, ...Object.fromEntries(await Promise.all(pairs)) };
  }
}
