import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort } from '@sluice/contracts/http-port';

export interface SubmitGuardOptions {
  http: HttpPort;
  /** Whether the attempt is still the row's last: read right before the bytes leave. */
  isCurrent(): Promise<boolean>;
  /** By when a submission must have left, by the clock of now. */
  leaveByMs(): number;
  now(): number;
}

/**
 * The way out of a submission: a process that was paused since its intent sends nothing more. What it holds back after
 * something has gone out already is not known to be nothing.
 */
export class SubmitGuard implements HttpPort {
  private hasSent = false;

  constructor(private readonly options: SubmitGuardOptions) {}

  /** What went out so far was preparation, and has been written down. */
  reset(): void {
    this.hasSent = false;
  }

  async request(request: Parameters<HttpPort['request']>[0]): ReturnType<HttpPort['request']> {
    const { http, leaveByMs, now } = this.options;
    const isOurs = await this.isOurs();
    // The clock last: the look itself may have taken any time.
    if (!isOurs || now() >= leaveByMs()) {
      throw new GatewayError('draining', 'This worker was out for too long to submit; another looks after it.', {
        saw: this.saw,
      });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') this.hasSent = true;
    return http.request(request);
  }

  /** A database that does not answer holds the call back, and says nothing of what the upstream has seen. */
  private async isOurs(): Promise<boolean> {
    try {
      return await this.options.isCurrent();
    } catch (cause) {
      throw new GatewayError('unavailable', 'The database was away right before the submission.', {
        saw: this.saw,
        cause,
      });
    }
  }

  private get saw(): 'unknown' | 'nothing' {
    return this.hasSent ? 'unknown' : 'nothing';
  }
}
