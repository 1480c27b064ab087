import type { Clock } from '@sluice/contracts/clock';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { SignedPath, UrlSigner } from '@sluice/platform-media/url-signer';
import type { FastifyRequest } from 'fastify';

export interface MediaLinksOptions {
  signer: UrlSigner;
  clock: Clock;
  /** How long a link can be followed. */
  lifeMs: number;
  /** Where clients reach us, if the operator says so. */
  readonly publicUrl: string | undefined;
}

/** Links to our files that whoever has them can follow for a while, without a key. */
export class MediaLinks {
  constructor(private readonly options: MediaLinksOptions) {}

  /** `untilMs`: when the file is dropped, if that is sooner. */
  link({ key }: StoredMedia, request: FastifyRequest, untilMs = Number.MAX_SAFE_INTEGER): string {
    const { signer, clock, lifeMs } = this.options;
    const { expires, signature } = signer.sign(key, Math.min(clock.now() + lifeMs, untilMs));
    return `${this.originOf(request)}/media/${key}?expires=${expires}&signature=${signature}`;
  }

  /** Where this client reaches us, without a slash at the end. */
  originOf(request: FastifyRequest): string {
    return (this.options.publicUrl ?? `${request.protocol}://${request.host}`).replace(/\/+$/, '');
  }

  isValid(signed: SignedPath): boolean {
    return this.options.signer.verify(signed, this.options.clock.now());
  }

  /** How long an answer to this link may be kept. */
  secondsLeft(expires: number): number {
    return Math.max(0, Math.floor(expires - this.options.clock.now() / 1000));
  }
}
