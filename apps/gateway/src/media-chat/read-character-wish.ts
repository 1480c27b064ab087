import type { ChatRequest } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { characterSchema } from '../characters/character-body.js';
import { type CharacterWish, type FilmWish, readFilm, readName, readRequest } from '../characters/character-wish.js';
import { readMarks } from '../sora-clients/read-marks.js';
import { type LastWords, readLastWords } from './last-words.js';
import { refuse } from './agree.js';

const wishSchema = characterSchema.omit({ model: true, name: true });
const FILM_FIELDS = ['file', 'video', 'video_url', 'video_id', 'generation_id'] as const;

/** Top-level fields that have a meaning where a character is made. */
export const CHARACTER_FIELDS: ReadonlySet<string> = new Set(Object.keys(wishSchema.shape));

/** A conversation with a model that makes characters: its film, beside the words or named among them. Throws `invalid_request`. */
export function readCharacterChat(request: ChatRequest, body: object): { character: CharacterWish; prompt: string } {
  const parsed = wishSchema.safeParse(body);
  if (!parsed.success) throw schemaError(parsed.error, body);
  const wire = parsed.data;
  const last = readLastWords(request, body);
  const [picture] = last.pictures;
  if (picture) throw refuse(picture.field, 'a character is made of a film');
  const isNamed = FILM_FIELDS.some((field) => wire[field] != null);
  const from = isNamed ? readFilm(wire) : readWords(last);
  return { character: { request: { ...readRequest(wire), model: request.model }, from }, prompt: last.prompt };
}

/** A film that is sent counts more than one that is named. */
function readWords({ films: [film], prompt }: LastWords): FilmWish {
  if (film)
    return film.name === ''
      ? { type: 'media', film: { field: film.field, from: film.from, accept: 'video' } }
      : readName(film.name, film.field);
  const { generationId, draftId } = readMarks(prompt);
  if (generationId !== undefined) return { type: 'video', field: 'messages', generationId };
  if (draftId !== undefined) return { type: 'draft', id: draftId };
  const text = 'Nothing to make: a character is made of a film; send one, or name a video by its id or a link to it.';
  throw new GatewayError('invalid_request', text, { param: 'messages', reason: 'invalid_value' });
}
