import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ResultFile } from '@sluice/contracts/stored-media';
import type { Video } from './videos.service.js';

const VARIANTS = ['video', 'thumbnail', 'spritesheet'];

/** The file of a variant. Says what stands in the way where there is none. */
export function contentOf(video: Video, variant: string): ResultFile {
  if (!VARIANTS.includes(variant)) {
    const supported = VARIANTS.map((name) => `'${name}'`).join(', ');
    const text = `Invalid value for 'variant': '${variant.slice(0, 64)}'. Supported values are: ${supported}.`;
    throw new GatewayError('invalid_request', text, { param: 'variant', reason: 'invalid_value' });
  }
  const { status } = video;
  if (status === 'queued' || status === 'running')
    throw new GatewayError('not_ready', 'The video is not ready yet; ask again when its status is completed.');
  if (status !== 'succeeded') throw new GatewayError('not_found', 'The video failed: it has no content.');
  const role = variant === 'video' ? 'result' : variant;
  const file = video.files.find((each) => each.role === role);
  if (file) return file;
  if (video.files.length === 0) throw gone();
  throw new GatewayError('not_found', `This video has no ${variant}.`, { param: 'variant' });
}

export function gone(): GatewayError {
  return new GatewayError('not_found', 'The content of this video has expired.', { reason: 'expired' });
}
