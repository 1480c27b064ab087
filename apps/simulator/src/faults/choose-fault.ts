import { z } from 'zod';
import { SimulatedFailure } from '../simulated-failure.js';
import type { SimulatorState } from '../simulator-state.js';
import type { FaultSubject } from './fault-rules.js';
import { parseFault, withoutFailure, type Fault } from './fault.js';
import { readMarkers } from './read-markers.js';

/** The behaviour asked for: standing rules first, prompt markers over them. Undefined for a plain request. */
export function chooseFault(state: SimulatorState, subject: FaultSubject): Fault | undefined {
  const ruled = state.rules.choose(subject);
  const written = readMarkers(subject.prompt);
  if (ruled === undefined && written === undefined) return undefined;
  const fault: Fault = { ...ruled, ...(written === undefined ? {} : parseMarkers(written)) };
  if (fault.failTimes === undefined) return fault;
  const attempt = state.attempts.next(subject.path, subject.prompt);
  return attempt > fault.failTimes ? withoutFailure(fault) : fault;
}

/** A misspelt marker is refused: ignored silently, it would turn a test into one that cannot fail. */
function parseMarkers(written: Record<string, unknown>): Fault {
  try {
    return parseFault(written);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new SimulatedFailure('invalid-request', {
      status: 400,
      code: 'unknown_simulator_marker',
      message: `Bad [[sim:…]] marker: ${z.prettifyError(error)}`,
    });
  }
}
