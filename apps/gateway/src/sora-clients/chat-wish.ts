import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { SoraName } from '@sluice/manifests/sora-names';
import type { SourceWish } from '@sluice/wire-openai-videos/decode-source';
import type { Film } from '../media-chat/last-words.js';
import { readMarks } from './read-marks.js';

export interface ChatWishParts {
  name: SoraName;
  /** The words of the client's last message. */
  text: string;
  /** Films beside them. */
  films: readonly Film[];
  /** `remix_target_id` of the body. */
  target: string | null | undefined;
  /** `style_id` of the body. */
  style: string | null | undefined;
}

/** What a conversation with one of Sora's names asks for beyond a film of words and pictures. */
export interface ChatWish {
  prompt: string;
  /** A film made here that it goes on from. */
  source?: SourceWish;
  /** For Sora's own protocols. */
  options?: JsonObject;
  isStoryboard: boolean;
}

/** Throws `invalid_request` and `unsupported`, naming the field. */
export function readChatWish(parts: ChatWishParts): ChatWish {
  const { name, text, films, target, style } = parts;
  if (name.work === 'character') throw noCharacters(films);
  const { prompt, style: marked, storyboard, ...named } = readMarks(text);
  const beside = readFilms(films);
  const said = readTarget(target) ?? { ...beside, ...named };
  const relation = name.work === 'extension' ? 'extension' : 'remix';
  const options = {
    ...(storyboard && { storyboard }),
    ...((style ?? marked) != null && { style: style ?? marked }),
    ...foreign(said, relation),
  };
  if (relation === 'extension' && said.generationId === undefined && said.draftId === undefined)
    throw refusal('messages', 'an extension names the film that it goes on from: its id, or a link to it');
  const { generationId, field } = said;
  return {
    prompt,
    isStoryboard: storyboard !== undefined,
    ...(generationId !== undefined && { source: { relation, generationId, field } }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

interface Named {
  field: string;
  generationId?: string;
  postId?: string;
  draftId?: string;
}

function readFilms([film]: readonly Film[]): Named {
  if (!film) return { field: 'messages' };
  const { generationId, postId } = readMarks(film.name);
  if (generationId !== undefined) return { field: film.field, generationId };
  if (postId !== undefined) return { field: film.field, postId };
  const text = `Unsupported '${film.field}': a film is started from where it was made; name a finished video of this gateway, by its link or id.`;
  throw new GatewayError('unsupported', text, { param: film.field });
}

function readTarget(target: string | null | undefined): Named | undefined {
  if (target == null) return undefined;
  const { generationId, postId } = readMarks(target);
  const field = 'remix_target_id';
  if (generationId !== undefined) return { field, generationId };
  if (postId !== undefined) return { field, postId };
  throw new GatewayError('not_found', `No video with the id '${target.slice(0, 64)}'.`, { param: field });
}

/** What lies with the website is for those who speak to it. */
function foreign({ generationId, postId, draftId }: Named, relation: 'remix' | 'extension'): JsonObject {
  if (generationId !== undefined) return {};
  if (relation === 'extension') return draftId === undefined ? {} : { extend_generation_id: draftId };
  return postId === undefined ? {} : { remix_target_id: postId };
}

function noCharacters([film]: readonly Film[]): GatewayError {
  const param = film?.field ?? 'model';
  const text = `Unsupported '${param}': nothing that is set up here makes a character of a film. An existing one is written as @name into the prompt.`;
  return new GatewayError('unsupported', text, { param });
}

function refusal(param: string, why: string): GatewayError {
  return new GatewayError('invalid_request', `Nothing to make: ${why}.`, { param, reason: 'invalid_value' });
}
