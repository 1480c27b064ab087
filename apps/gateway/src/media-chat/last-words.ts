import type { ChatRequest, MediaSource, UserContent } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { NamedMedia } from '@sluice/contracts/named-media';
import { fieldOf } from '../files/field-of.js';
import type { NamedPicture } from '../media/take-pictures.js';

/** A film that stands among the words: its address, or its data. */
export interface Film {
  field: string;
  /** Empty where it was sent whole. */
  name: string;
}

export interface SentFilm extends Film {
  from: NamedMedia;
}

/** What a conversation asks to be made: its last words, and the pictures and films beside them. */
export interface LastWords {
  prompt: string;
  pictures: NamedPicture[];
  films: SentFilm[];
}

/** Of the last message of the user; what was said before has been answered. `body` is what the client wrote. */
export function readLastWords({ messages }: Pick<ChatRequest, 'messages'>, body: unknown): LastWords {
  const last = messages.findLast((message) => message.role === 'user');
  if (!last) throw refusal('the conversation has no message of the user');
  const texts = last.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const films = last.content.flatMap((part) => filmOf(part, body));
  const pictures = last.content.flatMap((part) => pictureOf(part, body));
  const prompt = texts.join('\n').trim();
  if (prompt === '' && pictures.length + films.length === 0) throw refusal("the user's last message says nothing");
  return { prompt, pictures, films };
}

/** Where nothing starts from a film. */
export function refuseFilms([film]: readonly Film[]): void {
  if (film) throw noPicture(film.field);
}

/** Some clients send a film there, whose type nobody knows before it is fetched. */
const FILM_FIELD = /\bvideo_url\b/;

function filmOf(part: UserContent, body: unknown): SentFilm[] {
  if (part.type === 'text' || part.type === 'audio') return [];
  const { source } = part;
  const field = written(source, body) ?? 'messages';
  if (!isFilm(source, field)) return [];
  const from = named(source);
  // What is sent whole is nobody's link.
  return [{ field, name: from.type === 'url' && source.type === 'url' ? from.url : '', from }];
}

function pictureOf(part: UserContent, body: unknown): NamedPicture[] {
  if (part.type === 'text') return [];
  const { source } = part;
  const field = written(source, body) ?? 'messages';
  if (part.type !== 'audio' && isFilm(source, field)) return [];
  const { mediaType } = source;
  if (part.type === 'audio' || (mediaType !== undefined && !mediaType.startsWith('image/'))) throw noPicture(field);
  return [{ field, from: named(source) }];
}

function isFilm({ mediaType }: MediaSource, field: string): boolean {
  return FILM_FIELD.test(field) || mediaType?.startsWith('video/') === true;
}

function noPicture(field: string): GatewayError {
  const text = `Unsupported '${field}': videos and pictures are made from words and pictures here.`;
  return new GatewayError('unsupported', text, { param: field });
}

function named(source: MediaSource): NamedMedia {
  if (source.type === 'file') return { type: 'file', fileId: source.fileId };
  return { type: 'url', url: source.type === 'url' ? source.url : dataUrl(source) };
}

/** Dialects write data as a URL, or without the beginning of one. */
function written(source: MediaSource, body: unknown): string | undefined {
  if (source.type === 'data') return fieldOf(body, dataUrl(source)) ?? fieldOf(body, source.base64);
  return fieldOf(body, source.type === 'file' ? source.fileId : source.url);
}

function dataUrl({ mediaType, base64 }: Extract<MediaSource, { type: 'data' }>): string {
  return `data:${mediaType};base64,${base64}`;
}

function refusal(why: string): GatewayError {
  const text = `Nothing to make: ${why}.`;
  return new GatewayError('invalid_request', text, { param: 'messages', reason: 'invalid_value' });
}
