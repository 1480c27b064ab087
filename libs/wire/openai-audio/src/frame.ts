import { sseEvent } from '@sluice/wire-sse/sse-encode';

/** One event of an audio stream: its name is its type; an error has neither. */
export function frame(data: object): string {
  const isNamed = 'type' in data && typeof data.type === 'string';
  return sseEvent({ ...(isNamed && { event: String(data.type) }), data: JSON.stringify(data) });
}
