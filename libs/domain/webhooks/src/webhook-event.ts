/** What an endpoint can listen for. The names are OpenAI's where it has one. */
export const WEBHOOK_EVENT_TYPES = [
  'video.completed',
  'video.failed',
  'response.completed',
  'response.failed',
  'response.cancelled',
  'response.incomplete',
  'batch.completed',
  'batch.failed',
  'batch.cancelled',
  'batch.expired',
  'generation.completed',
  'generation.failed',
  'generation.cancelled',
] as const;

/** A family stands for all of its events: `video.*`. */
export const WEBHOOK_EVENT_FILTERS: readonly string[] = [
  ...WEBHOOK_EVENT_TYPES,
  ...new Set(WEBHOOK_EVENT_TYPES.map((type) => `${type.split('.', 1)[0]}.*`)),
];

export interface WebhookEvent {
  id: string;
  type: string;
  /** Of what ended, as clients know it. */
  objectId: string;
  createdAtMs: number;
}

/** OpenAI's envelope: what it is about is named, and fetched by whoever wants it. */
export function encodeWebhookEvent({ id, type, objectId, createdAtMs }: WebhookEvent): string {
  const createdAt = Math.floor(createdAtMs / 1_000);
  return JSON.stringify({ id, object: 'event', created_at: createdAt, type, data: { id: objectId } });
}
