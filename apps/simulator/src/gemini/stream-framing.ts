import type { Framing } from '../faults/event-stream.js';
import type { Fault } from '../faults/fault.js';

const LINE_END = '\r\n';

/** `alt=sse`: lines end in CR LF, nothing marks the end, and an error in the middle is bare JSON. */
export function sseFraming(fault: Fault | undefined): Framing {
  const field = fault?.noSpace ? 'data:' : 'data: ';
  return {
    contentType: 'text/event-stream',
    frame: (data) => `${field}${data}${LINE_END}${LINE_END}`,
    closing: '',
    frameError: (data) => data,
  };
}

/** Without `alt=sse`: one JSON list, sent piece by piece. */
export const arrayFraming: Framing = {
  contentType: 'application/json; charset=UTF-8',
  frame: (data, position) => `${position === 0 ? '[' : `,${LINE_END}`}${data}`,
  closing: ']',
  frameError: (data, position) => `${position === 0 ? '[' : `,${LINE_END}`}${data}]`,
};
