import { sseData } from '@sluice/wire-sse/sse-encode';
import type { StreamForm } from './answer-context.js';

/** How the responses of a stream are put on the wire. */
export interface Framing {
  frame(response: object): string;
  fail(error: object): string;
  end(): string;
}

export function createFraming(form: StreamForm): Framing {
  return form === 'sse' ? SSE_FRAMING : new ArrayFraming();
}

/** Older clients look for an error only outside the events, newer ones in them too. */
const SSE_FRAMING: Framing = {
  frame: (response) => sseData(JSON.stringify(response)),
  fail: (error) => `${sseData(JSON.stringify(error))}${JSON.stringify(error)}\n`,
  end: () => '',
};

class ArrayFraming implements Framing {
  private isOpen = false;

  frame(response: object): string {
    const separator = this.isOpen ? ',\n' : '[';
    this.isOpen = true;
    return separator + JSON.stringify(response);
  }

  fail(error: object): string {
    return this.frame(error);
  }

  end(): string {
    return `${this.isOpen ? '' : '['}\n]`;
  }
}
