/** Namespace of the queues' keys, where a caller names none. */
export const DEFAULT_QUEUE_PREFIX = 'sluice:q';

/** Nobody reads the queue's own event stream (our metrics come from the wrapper), so it is kept at its smallest. */
export const EVENT_STREAM_LENGTH = 16;
