import type { ImageRequest } from '@sluice/contracts/image';
import type { ImageFacts } from './image-facts.js';

/** What the API says where nobody has said anything. */
const UNSAID = 'auto';
const USUAL_FORMAT = 'png';

/** How the pictures look: what they really are, else what was asked. All members. */
export function encodeLook(request: ImageRequest, facts: ImageFacts, mediaType = '') {
  return {
    size: facts.size ?? sizeOf(request),
    quality: facts.quality ?? request.quality ?? UNSAID,
    background: facts.background ?? request.background ?? UNSAID,
    output_format: formatOf(mediaType) ?? facts.outputFormat ?? request.format ?? USUAL_FORMAT,
  };
}

/** The file itself knows best. */
function formatOf(mediaType: string): string | undefined {
  return /^image\/([a-z]+)$/.exec(mediaType)?.[1];
}

function sizeOf({ size }: ImageRequest): string {
  return size ? `${size.width}x${size.height}` : UNSAID;
}
