import { GatewayError } from '@sluice/contracts/gateway-error';
import { UploadedFile } from '@sluice/contracts/uploaded-file';
import type { VideoSource } from '@sluice/contracts/video';
import type { VideoBody } from './schema.js';
import { fromVideoId } from './video-id.js';

export interface SourceWish {
  /** Where the client names it. */
  field: string;
  relation: VideoSource['relation'];
  generationId: string;
}

/** The video that an edit or an extension names, or a remix in the spelling of some gateways. */
export function decodeSource(body: VideoBody, relation: VideoSource['relation'] | undefined): SourceWish | undefined {
  if (relation === undefined) {
    if (body.remix_target_id == null || postIn(body) !== undefined) return undefined;
    return find('remix_target_id', body.remix_target_id, 'remix');
  }
  if (body.video_id != null) return find('video_id', body.video_id, relation);
  const { video } = body;
  if (video == null) {
    throw new GatewayError('invalid_request', "Missing required parameter: 'video'.", {
      param: 'video',
      reason: 'missing_required_parameter',
    });
  }
  if (typeof video === 'string') return find('video', video, relation);
  if (video instanceof UploadedFile) throw unsupported('video');
  if (video.id != null) return find('video.id', video.id, relation);
  if (video.file_id != null) return find('video.file_id', video.file_id, relation);
  throw unsupported(video.url == null ? 'video' : 'video.url');
}

const POST = /(?:^|\/)(s_[0-9a-f]{32})(?:\?|$)/i;

/** What is to be remixed where that is no video of this gateway, but a post of the website that Sora was. */
export function postIn({ remix_target_id: target }: Pick<VideoBody, 'remix_target_id'>): string | undefined {
  return POST.exec(target ?? '')?.[1];
}

export function find(field: string, id: string, relation: VideoSource['relation']): SourceWish {
  const found = fromVideoId(id);
  if (found) return { field, relation, generationId: found.generationId };
  throw new GatewayError('not_found', `No video with the id '${id.slice(0, 64)}'.`, { param: field });
}

function unsupported(param: string): GatewayError {
  const text = `Unsupported '${param}': only a finished video of this gateway can be the source; name it by its id.`;
  return new GatewayError('unsupported', text, { param });
}
