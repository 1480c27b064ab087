import type { Clock } from '@sluice/contracts/clock';
import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort, HttpResponse } from '@sluice/contracts/http-port';

export interface OutgoingWebhook {
  http: HttpPort;
  clock: Clock;
  url: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  /** Ends it early: we are going down. */
  signal: AbortSignal;
}

/** What a receiver made of it. */
export interface WebhookAnswer {
  startedAtMs: number;
  durationMs: number;
  /** Absent where there was none. */
  status?: number;
  /** Why there was no status. */
  error?: string;
  /** The beginning of what it said. */
  response?: string;
  retryAfterMs?: number;
}

/** What is kept of an answer; the rest is not read. */
const KEPT_BYTES = 1_024;

/** One attempt. Redirects are not followed: they come back as what they are. Never throws. */
export async function sendWebhook(webhook: OutgoingWebhook): Promise<WebhookAnswer> {
  const { http, clock, url, headers, body, timeoutMs, signal } = webhook;
  const startedAtMs = clock.now();
  const controller = new AbortController();
  const tooLate = new GatewayError('upstream_timeout', `There was no answer within ${timeoutMs / 1_000} s.`);
  const cancelTimer = clock.after(timeoutMs, () => controller.abort(tooLate));
  const took = () => ({ startedAtMs, durationMs: clock.now() - startedAtMs });
  try {
    const response = await http.request({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', 'user-agent': 'sluice-webhooks', accept: '*/*', ...headers },
      body,
      signal: AbortSignal.any([controller.signal, signal]),
      headersTimeoutMs: timeoutMs,
      idleTimeoutMs: timeoutMs,
    });
    return { ...(await readAnswer(response, clock)), ...took() };
  } catch (error) {
    return { error: toGatewayError(error).message, ...took() };
  } finally {
    cancelTimer();
  }
}

async function readAnswer({ status, headers, body }: HttpResponse, clock: Clock) {
  const retryAfterMs = readRetryAfter(headers['retry-after'], clock.now());
  return { status, response: await readStart(body), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Leaving the loop ends the connection where there is more. The status has been told, so a body that breaks off is none. */
async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes >= KEPT_BYTES) break;
    }
  } catch {
    // What came is kept.
  }
  return Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString('utf8');
}

/** Seconds, or a date. */
function readRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const waitMs = /^\d{1,9}$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : undefined;
}
