import type { Clock } from '@sluice/contracts/clock';
import { createUrlSigner } from '@sluice/platform-media/url-signer';
import type { Files } from '../files/create-files.js';
import type { Durable } from '../generations/create-durable.js';
import type { ClaimRules } from '../idempotency/idempotency-claim.js';
import type { Media } from '../media/create-media.js';
import { GeneratedFiles } from './generated-files.service.js';
import { GoogleFiles } from './google-files.service.js';
import { GoogleUploads } from './google-uploads.service.js';
import { UploadParts } from './upload-parts.js';
import { UploadTickets } from './upload-tickets.js';
import { VideoOperations } from './video-operations.service.js';

const TICKET_PURPOSE = 'upload-tickets';

/** What stands behind Google's paths beside the answers themselves. */
export function createGemini(options: {
  durable: Durable;
  media: Media;
  files: Pick<Files, 'kept' | 'owned'>;
  vault: { derive(purpose: string): Buffer };
  clock: Clock;
  claimRules(): ClaimRules;
}) {
  const { durable, media, vault, clock, claimRules } = options;
  const { kept, owned } = options.files;
  const { pipeline, generations } = durable;
  const { intake, links, store } = media;
  const files = new GoogleFiles({ files: kept, intake, store, links });
  const tickets = new UploadTickets({ signer: createUrlSigner(vault.derive(TICKET_PURPOSE)), clock });
  return {
    operations: new VideoOperations({ pipeline, generations, intake, files: owned, links, claimRules }),
    generated: new GeneratedFiles({ generations, store, links }),
    files,
    uploads: new GoogleUploads({ files, parts: new UploadParts(store), tickets, links }),
  };
}

export type Gemini = ReturnType<typeof createGemini>;
