import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { OwnedFiles } from '../files/owned-files.js';
import type { Durable } from '../generations/create-durable.js';
import type { ClaimRules } from '../idempotency/idempotency-claim.js';
import type { Media } from '../media/create-media.js';
import type { UpstreamRemoval } from './upstream-removal.js';
import { VideoReplies } from './video-replies.service.js';
import { VideosService } from './videos.service.js';

/** What stands behind the videos dialect. */
export function createVideos(options: {
  durable: Durable;
  media: Media;
  files: OwnedFiles;
  resolver: RouteResolver;
  removal: UpstreamRemoval;
  claimRules(): ClaimRules;
}) {
  const { durable, media, files, resolver, removal, claimRules } = options;
  const { pipeline, generations } = durable;
  const { intake, links, store } = media;
  return {
    service: new VideosService({ pipeline, generations, intake, files, store, resolver, removal, claimRules }),
    replies: new VideoReplies({ generations, store, links }),
  };
}

export type Videos = ReturnType<typeof createVideos>;
