import { SimulatedFailure } from '../simulated-failure.js';

/** A 400 as Google words it. `field` is a path in its own spelling, `contents[0].parts`. */
export function invalidArgument(message: string, field?: string): SimulatedFailure {
  return new SimulatedFailure('invalid-request', { status: 400, message, parameter: field });
}
