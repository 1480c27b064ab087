/** What the statements answer with; our own writing, so nothing is checked again. */
export interface EndpointRow {
  id: string;
  owner_key_id: string | null;
  url: string | null;
  events: string[];
  description: string;
  enabled: boolean;
  disabled_reason: 'switched_off' | 'gone' | 'failing' | null;
  allow_private_network: boolean;
  secret: Buffer;
  previous_secret: Buffer | null;
  previous_expires_at: Date | null;
  failing_since: Date | null;
  created_at: Date;
}

export interface DeliveryRow {
  event_id: string;
  type: string;
  object_id: string;
  created_at: Date;
  url: string | null;
  state: 'pending' | 'delivered' | 'failed';
  attempt: number;
  next_at: Date | null;
  last_status: number | null;
  last_error: string | null;
  finished_at: Date | null;
}

export interface AttemptRow {
  attempt: number;
  at: Date;
  duration_ms: number;
  status: number | null;
  error: string | null;
  response: string | null;
}

/** A delivery that a deliverer has taken, with all that it needs. */
export interface ClaimedRow {
  endpoint_id: string;
  event_id: string;
  attempt: number;
  round_start: number;
  url: string;
  is_of_request: boolean;
  allow_private_network: boolean;
  secret: Buffer;
  previous_secret: Buffer | null;
  previous_expires_at: Date | null;
  type: string;
  object_id: string;
  created_at: Date;
}
