import { CHARACTER_FIELDS } from './read-character-wish.js';
import { IMAGE_FIELDS } from './read-image-wish.js';
import { TELLING_FIELDS } from './read-telling.js';
import { VIDEO_FIELDS } from './read-video-wish.js';

/** Top-level fields of every dialect of conversations that are acted on here, too. */
const READ = new Set([
  'model',
  'messages',
  'input',
  'contents',
  'stream',
  'stream_options',
  'n',
  'metadata',
  'user',
  'safety_identifier',
]);
const OWN = { video: VIDEO_FIELDS, image: IMAGE_FIELDS, character: CHARACTER_FIELDS };

/** Fields that are about conversations and change nothing in what is made. */
export function unreadFields(body: object, kind: keyof typeof OWN): string[] {
  const isRead = (name: string) => READ.has(name) || OWN[kind].has(name) || TELLING_FIELDS.has(name);
  return Object.entries(body).flatMap(([name, value]) => (isRead(name) || value === null ? [] : [name]));
}
