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
  publicUrl: string | undefined;
}

/** Links to our files that whoever has them can follow for a while, without a key. */
export class MediaLinks {
  constructor(private readonly options: MediaLinksOptions) {}

  /** `untilMs`: when the file is dropped, if that is sooner. */
  link({ key }: StoredMedia, request: FastifyRequest, untilMs = Number.MAX_SAFE_INTEGER): string {
    const { signer, clock, lifeMs, publicUrl } = this.options;
    const { expires, signature } = signer.sign(key, Math.min(clock.now() + lifeMs, untilMs));
    const base = (publicUrl ?? `${request.protocol}://${request.host}`).replace(/\/+$/, '');
    return `${base}/media/${key}?expires=${expires}&signature=${signature}`;
  }

  isValid(signed: SignedPath): boolean {
    return this.options.signer.verify(signed, this.options.clock.now());
  }

  /** How long an answer to this link may be kept. */
  secondsLeft(expires: number): number {
    return Math.max(0, Math.floor(expires - this.options.clock.now() / 1000));
  }
}
