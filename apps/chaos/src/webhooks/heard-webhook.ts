import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

/** A request that reached the receiver, whoever sent it. */
export interface HeardWebhook {
  /** The first part of the path: which endpoint it was for. */
  endpoint: string;
  /** The second, which the URL of a request has. */
  of: string;
  id: string;
  type: string;
  objectId: string;
  isSigned: boolean;
  isAccepted: boolean;
}

const eventSchema = z.object({ id: z.string(), type: z.string(), data: z.object({ id: z.string() }) });
const LATE_MS = 5 * 60_000;

/** What the body says; all of it empty where it is no event. */
export function readEvent(body: string): { eventId: string; type: string; objectId: string } {
  try {
    const { id, type, data } = eventSchema.parse(JSON.parse(body));
    return { eventId: id, type, objectId: data.id };
  } catch {
    return { eventId: '', type: '', objectId: '' };
  }
}

export interface Sent {
  headers: IncomingHttpHeaders;
  body: string;
  atMs: number;
}

/** As Standard Webhooks describes it, without a line of what signs. */
export function isSigned(secret: string, { headers, body, atMs }: Sent): boolean {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`] ?? ''),
  );
  if (!(Math.abs(atMs - Number(timestamp) * 1_000) < LATE_MS)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return (signatures ?? '').split(' ').includes(`v1,${digest}`);
}
