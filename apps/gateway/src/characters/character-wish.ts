import type { CharacterRequest } from '@sluice/contracts/character';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { readNamedMedia } from '@sluice/contracts/named-media';
import { present } from '@sluice/contracts/present';
import { UploadedFile } from '@sluice/contracts/uploaded-file';
import { agree, refuse } from '../media-chat/agree.js';
import type { NamedPicture } from '../media/take-pictures.js';
import { readMarks } from '../sora-clients/read-marks.js';
import type { CharacterBody } from './character-body.js';

/** Whom a client asks for who names no other model. */
export const CHARACTER_MODEL = 'avatar-create';

/** The film that a client names, still to be fetched or found. */
export type FilmWish =
  | { type: 'media'; film: NamedPicture }
  | { type: 'video'; field: string; generationId: string }
  | { type: 'draft'; id: string };

/** A character as it was asked for. */
export interface CharacterWish {
  request: Omit<CharacterRequest, 'from'>;
  from: FilmWish;
}

/** Throws `invalid_request`, naming the field as the client wrote it. */
export function readCharacterWish(body: CharacterBody): CharacterWish {
  return { request: readRequest(body), from: readFilm(body) };
}

/** From others, unless that is said: unlike in a conversation, there is a word for it. */
export function hidden({ request, from }: CharacterWish): CharacterWish {
  return { request: { ...request, isPublic: request.isPublic ?? false }, from };
}

export function readRequest({ model, character_options: more, ...said }: CharacterBody): CharacterWish['request'] {
  const of = <Value extends string>(name: 'username' | 'instruction_set' | 'safety_instruction_set') =>
    agree<Value>(
      [name, said[name] as Value | null | undefined],
      [`character_options.${name}`, more?.[name] as Value | null | undefined],
    );
  return {
    model: model ?? CHARACTER_MODEL,
    ...present({
      username: of('username')?.replace(/^@/, ''),
      displayName: agree(
        ['display_name', said.display_name],
        ['name', said.name],
        ['character_options.display_name', more?.display_name],
      ),
      timestamps: readTimestamps(said.timestamps ?? more?.timestamps),
      instructions: of('instruction_set'),
      safetyInstructions: of('safety_instruction_set'),
      isPublic: readSharing({ ...more, ...said }),
    }),
  };
}

export function readSharing(said: Pick<CharacterBody, 'public' | 'visibility'>): boolean | undefined {
  if (said.visibility == null) return said.public ?? undefined;
  const isPublic = said.visibility === 'public';
  if (said.public != null && said.public !== isPublic) throw refuse('visibility', "it contradicts 'public'");
  return isPublic;
}

/** Exactly one film is named, in whichever field. */
export function readFilm(body: CharacterBody): FilmWish {
  const { file, video, video_url: url, video_id: id, generation_id: generation } = body;
  const told: [field: string, wish: () => FilmWish][] = [];
  if (file != null)
    told.push([
      'file',
      () => ({ type: 'media', film: { field: 'file', from: readNamedMedia(file, 'file'), accept: 'video' } }),
    ]);
  if (video != null) told.push(['video', () => readVideo(video)]);
  if (url != null) told.push(['video_url', () => readName(typeof url === 'string' ? url : url.url, 'video_url')]);
  if (id != null) told.push(['video_id', () => readOwn(id, 'video_id')]);
  if (generation != null) told.push(['generation_id', () => readGeneration(generation)]);
  const [first, second] = told;
  if (second) throw refuse(second[0], `a character is made of one film, and '${first?.[0] ?? ''}' names one already`);
  if (first) return first[1]();
  const text = "Missing required parameter: 'video_url' (or a file, or a video's id).";
  throw new GatewayError('invalid_request', text, { param: 'video_url', reason: 'missing_required_parameter' });
}

/** What a text can name: a video of ours by its id or link, a draft of the website's, or a film somewhere. */
export function readName(name: string, field: string): FilmWish {
  const { generationId, draftId } = name.startsWith('data:') ? {} : readMarks(name.slice(0, LONGEST_NAME));
  if (generationId !== undefined) return { type: 'video', field, generationId };
  if (draftId !== undefined) return { type: 'draft', id: draftId };
  return { type: 'media', film: { field, from: readNamedMedia(name, field), accept: 'video' } };
}

const LONGEST_NAME = 2_048;

function readVideo(video: NonNullable<CharacterBody['video']>): FilmWish {
  if (video instanceof UploadedFile)
    return { type: 'media', film: { field: 'video', from: { type: 'upload', file: video }, accept: 'video' } };
  if (typeof video === 'string') return readName(video, 'video');
  if (video.id != null) return readOwn(video.id, 'video.id');
  return readName(video.url ?? video.file_id ?? '', video.url == null ? 'video.file_id' : 'video.url');
}

function readOwn(id: string, field: string): FilmWish {
  const { generationId } = readMarks(id);
  if (generationId !== undefined) return { type: 'video', field, generationId };
  throw new GatewayError('not_found', `No video with the id '${id.slice(0, 64)}'.`, { param: field });
}

function readGeneration(id: string): FilmWish {
  const { generationId, draftId } = readMarks(id);
  if (generationId !== undefined) return { type: 'video', field: 'generation_id', generationId };
  if (draftId !== undefined) return { type: 'draft', id: draftId };
  throw refuse('generation_id', 'expected gen_…');
}

function readTimestamps(told: CharacterBody['timestamps']): [number, number] | undefined {
  if (told == null) return undefined;
  const [from = Number.NaN, to = Number.NaN, ...rest] = (typeof told === 'string' ? told.split(',') : told).map(Number);
  if (rest.length === 0 && from >= 0 && to > from && Number.isFinite(to)) return [from, to];
  throw refuse('timestamps', 'expected two numbers of seconds, from and to, such as "0,3"');
}
