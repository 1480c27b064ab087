import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort, MessageSocket, SocketHandshake } from '@sluice/contracts/http-port';

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
  /** Present where there is such a way out at all. */
  readonly connect?: (handshake: SocketHandshake) => Promise<MessageSocket>;
  private hasSent = false;

  constructor(private readonly options: SubmitGuardOptions) {
    const { http } = options;
    if (http.connect) this.connect = async (handshake) => this.watch(await this.open(http, handshake));
  }

  /** What went out so far was preparation, and has been written down. */
  reset(): void {
    this.hasSent = false;
  }

  async request(request: Parameters<HttpPort['request']>[0]): ReturnType<HttpPort['request']> {
    const { http } = this.options;
    const isLook = request.method === 'GET' || request.method === 'HEAD';
    // What was sent may be paid: its files are fetched, whatever our own stores do meanwhile.
    if (isLook && this.hasSent) return http.request(request);
    if (!(await this.isOurs())) throw this.tooLate();
    // The clock last: the look itself may have taken any time.
    this.assertInTime();
    if (!isLook) this.hasSent = true;
    return http.request(request);
  }

  private async open(http: HttpPort, handshake: SocketHandshake): Promise<MessageSocket> {
    if (!http.connect || !(await this.isOurs())) throw this.tooLate();
    this.assertInTime();
    return http.connect(handshake);
  }

  /** A handshake asks for nothing; the first message does. */
  private watch(socket: MessageSocket): MessageSocket {
    return {
      messages: socket.messages,
      send: (message) => {
        if (!this.hasSent) this.assertInTime();
        this.hasSent = true;
        socket.send(message);
      },
      close: () => socket.close(),
    };
  }

  private assertInTime(): void {
    if (this.options.now() >= this.options.leaveByMs()) throw this.tooLate();
  }

  private tooLate(): GatewayError {
    const message = 'This worker was out for too long to submit; another looks after it.';
    return new GatewayError('draining', message, { saw: this.saw });
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

  /** What the upstream can have seen of what went out. */
  get saw(): 'unknown' | 'nothing' {
    return this.hasSent ? 'unknown' : 'nothing';
  }
}
