import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Clock } from '@sluice/contracts/clock';
import { createClientFileId } from '@sluice/contracts/client-file-id';
import type { UrlSigner } from '@sluice/platform-media/url-signer';
import { z } from 'zod';

const ticketSchema = z.object({
  /** The digits of the file that it becomes. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  ownerKeyId: z.string(),
  mediaType: z.string().optional(),
  displayName: z.string().optional(),
  /** As announced. */
  bytes: z.number().optional(),
});

/** An upload that has begun: what it is to become, and whose. */
export type UploadTicket = z.infer<typeof ticketSchema>;

const LIFE_MS = 24 * 60 * 60_000;

/** Uploads that have begun live in their own addresses: any replica takes the next piece, and no row is left behind. */
export class UploadTickets {
  constructor(private readonly options: { signer: UrlSigner; clock: Pick<Clock, 'now'> }) {}

  issue(ticket: Omit<UploadTicket, 'id'>): string {
    const { signer, clock } = this.options;
    const id = createClientFileId(clock.now()).replace('file-', '');
    const payload = Buffer.from(JSON.stringify({ ...ticket, id })).toString('base64url');
    const { expires, signature } = signer.sign(payload, clock.now() + LIFE_MS);
    return `${payload}.${expires}.${signature}`;
  }

  read(text: unknown): UploadTicket {
    const [path = '', expires = '', signature = ''] = typeof text === 'string' ? text.split('.') : [];
    const { signer, clock } = this.options;
    if (!signer.verify({ path, expires: Number(expires), signature }, clock.now())) throw unknownUpload();
    return ticketSchema.parse(JSON.parse(Buffer.from(path, 'base64url').toString()));
  }
}

function unknownUpload(): GatewayError {
  const text = 'There is no such upload, or it has expired: begin it again.';
  return new GatewayError('not_found', text, { param: 'upload_id' });
}
