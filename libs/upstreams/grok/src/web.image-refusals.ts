import type { ImageRequest } from '@sluice/contracts/image';
import { unsupported } from './grok.error.js';

const MOST_AT_ONCE = 10;
const MOST_PICTURES = 16;

/** What the website cannot do. Its chat makes pictures as it likes them: shape, quality and style are on the list of what is ignored. */
export function refusePictures({ count = 1, background, mask, format, pictures = [] }: ImageRequest): void {
  if (count > MOST_AT_ONCE) throw unsupported('n', `The website makes at most ${MOST_AT_ONCE} pictures.`);
  if (pictures.length > MOST_PICTURES)
    throw unsupported('image', `The website edits at most ${MOST_PICTURES} pictures.`);
  if (background === 'transparent') throw unsupported('background', 'The website makes no transparent pictures.');
  if (mask !== undefined) throw unsupported('mask', 'The website edits whole pictures: it takes no mask.');
  if (format !== undefined && format !== 'jpeg') throw unsupported('output_format', 'The website makes JPEG pictures.');
}
