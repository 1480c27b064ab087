import type { CharacterRequest } from '@sluice/contracts/character';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { Job, JobStep } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { randomUUID } from 'node:crypto';
import type { WebCredential } from './sora.credential.js';
import { encodeForm } from './sora.multipart.js';
import { acceptedCharacter, readCharacter, timestampsOf } from './web.character-operation.js';
import { isNameFree } from './web.character-name.js';
import { pollCharacters } from './web.character-poll.js';
import { removeCharacter } from './web.character-remove.js';
import { asUnpaid, unsupported } from './web.error.js';
import { callWebJson } from './web.request.js';

type Context = UpstreamContext<WebCredential>;

/**
 * Characters of the website: a film becomes a cameo, the cameo a character. The site lists no cameos that are being made, so one
 * whose id was lost cannot be looked up: it never becomes a character, and holds a place in the account.
 */
export const webCharacter: Job<'character', WebCredential> = {
  start,
  poll: pollCharacters,
  cancel: (operation, context) => removeCharacter(readCharacter(operation), context),
};

async function* start(request: CharacterRequest, context: Context): AsyncGenerator<JobStep, void, undefined> {
  await checkName(request, context);
  const id = idIn(await take(request, context));
  yield { type: 'accepted', operation: acceptedCharacter(id, request, context.clock.now()) };
}

/** Before anything is made: a name that is taken would be found out at the very end. */
async function checkName({ username }: CharacterRequest, context: Context): Promise<void> {
  if (username === undefined) return;
  const isFree = await isNameFree(username, context).catch((thrown: unknown) => {
    throw asUnpaid(thrown);
  });
  if (!isFree) throw unsupportedName(username);
}

function unsupportedName(username: string): GatewayError {
  const message = `The website has the name '${username}' already, or does not take it.`;
  return new GatewayError('invalid_request', message, { saw: 'refused', param: 'username', reason: 'username_taken' });
}

async function take(request: CharacterRequest, context: Context): Promise<Json> {
  const { from } = request;
  const [begin, end] = timestampsOf(request);
  if (from.type === 'draft') {
    const body = { generation_id: from.id, character_id: null, timestamps: [begin, end] };
    return callWebJson({ path: '/characters/from-generation', body }, context);
  }
  const form = encodeForm({
    fields: { timestamps: `${begin},${end}` },
    files: [{ name: 'file', media: asFilm(from.media) }],
    boundary: `sluice-${context.generationId}-${randomUUID()}`,
    readMedia: (media) => context.readMedia(media),
  });
  return callWebJson({ path: '/characters/upload', form }, context);
}

/** The site takes this form of film alone. */
function asFilm(media: StoredMedia): StoredMedia {
  const mediaType = media.mediaType.split(';')[0]?.trim() ?? '';
  if (mediaType !== 'video/mp4') throw unsupported('video', 'The website makes characters of MP4 films.');
  return { ...media, mediaType, filename: media.filename ?? 'film.mp4' };
}

function idIn(answer: Json): string {
  const id = isJsonObject(answer) ? answer['id'] : undefined;
  if (typeof id === 'string' && id !== '') return id;
  throw new GatewayError('upstream_bad_answer', 'The upstream began a character without telling its id.', {
    saw: 'unknown',
  });
}
