/** One dispatched event. `id` is the last one seen, as the standard has it: it outlives its own event. */
export interface SseEvent {
  event?: string;
  data: string;
  id?: string;
}
