import { inspect } from 'node:util';
import { z } from 'zod';

const SHOWN = '[secret]';

/** A value that cannot be logged, printed or serialised by accident: only `reveal` gives it out. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

/** A variable whose value must not be shown. */
export const secretSchema = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));
