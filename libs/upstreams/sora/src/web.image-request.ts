import type { ImageRequest } from '@sluice/contracts/image';
import type { JsonObject } from '@sluice/contracts/json';
import { unsupported } from './web.error.js';

const SIZES = ['360x360', '540x360', '360x540', '1792x1024'];
const RATIOS: Readonly<Record<string, string>> = { '1:1': '360x360', '3:2': '540x360', '2:3': '360x540' };
const USUAL: Readonly<Record<string, string>> = {
  'gpt-image': '360x360',
  'gpt-image-landscape': '540x360',
  'gpt-image-portrait': '360x540',
};

/** What the website cannot do is refused before anything is sent. Quality and style are on the list of what is ignored. */
export function refusePictures(request: ImageRequest): void {
  const { count = 1, mask, pictures = [], background, format, partials = 0 } = request;
  if (count > 1) throw unsupported('n', 'The website makes one picture at a time.');
  if (mask !== undefined) throw unsupported('mask', 'The website remakes whole pictures: it takes no mask.');
  if (pictures.length > 1) throw unsupported('image', 'The website remakes one picture.');
  if (background === 'transparent') throw unsupported('background', 'The website makes no transparent pictures.');
  if (format !== undefined && format !== 'png') throw unsupported('output_format', 'The website makes PNG pictures.');
  if (partials > 0) throw unsupported('partial_images', 'The website shows no previews.');
}

export function imageBody(
  request: ImageRequest,
  { model, uploadId }: { model: string; uploadId?: string },
): JsonObject {
  const [width, height] = sizeOf(request, model).split('x').map(Number);
  return {
    type: 'image_gen',
    operation: uploadId === undefined ? 'simple_compose' : 'remix',
    prompt: request.prompt,
    width: width ?? 0,
    height: height ?? 0,
    n_variants: 1,
    n_frames: 1,
    inpaint_items: uploadId === undefined ? [] : [{ type: 'image', frame_index: 0, upload_media_id: uploadId }],
  };
}

export function sizeOf({ size, aspectRatio }: ImageRequest, model: string): string {
  const usual = USUAL[model];
  if (usual === undefined)
    throw unsupported('model', `The website's models of pictures are ${Object.keys(USUAL).join(', ')}.`);
  if (size !== undefined) {
    const told = `${size.width}x${size.height}`;
    if (SIZES.includes(told)) return told;
    throw unsupported('size', `The website makes pictures of ${SIZES.join(', ')}.`);
  }
  const told = aspectRatio === undefined ? usual : RATIOS[aspectRatio];
  if (told !== undefined) return told;
  throw unsupported('aspect_ratio', `The website makes pictures of ${Object.keys(RATIOS).join(', ')}.`);
}
