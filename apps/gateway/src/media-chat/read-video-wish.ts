import type { ChatRequest } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { present } from '@sluice/contracts/present';
import { UploadedFile } from '@sluice/contracts/uploaded-file';
import type { SoraNamesBind } from '@sluice/domain-settings/sora-names-bind';
import type { SoraName } from '@sluice/manifests/sora-names';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { decodePictures, type PictureWish } from '@sluice/wire-openai-videos/decode-pictures';
import type { DecodedRequest } from '@sluice/wire-openai-videos/decode-request';
import { decodeSeconds, decodeShape } from '@sluice/wire-openai-videos/decode-shape';
import { decodeSource } from '@sluice/wire-openai-videos/decode-source';
import { videoSchema } from '@sluice/wire-openai-videos/schema';
import { z } from 'zod';
import type { NamedPicture } from '../media/take-pictures.js';
import { boundName } from '../sora-clients/bound-name.js';
import { agree, refuse } from './agree.js';
import { withBarePicture } from './bare-picture.js';
import { type ChatWish, readChatWish } from '../sora-clients/chat-wish.js';
import { type Film, type LastWords, readLastWords, refuseFilms } from './last-words.js';

/** The upstream whose word a preset is. */
export const PRESETS_AT = 'grok';
/** The upstream whose words styles and storyboards are. */
const NATIVE_UPSTREAM = 'sora';

/** How some clients put it into one object beside the conversation. */
const configSchema = z.object({
  aspect_ratio: z.string().nullish(),
  video_length: z.union([z.string(), z.number()]).nullish(),
  resolution: z.string().min(1).max(32).nullish(),
  resolution_name: z.string().min(1).max(32).nullish(),
  preset: z.string().min(1).max(32).nullish(),
});
type Config = z.infer<typeof configSchema>;

/** What is said of the video beside the conversation, in the words of the videos dialect. */
export const videoWishSchema = videoSchema
  .omit({ model: true, prompt: true, metadata: true, user: true, safety_identifier: true, characters: true })
  .extend({ video_config: configSchema.nullish(), style_id: z.string().min(1).max(64).nullish() });
type Wire = z.infer<typeof videoWishSchema>;

/** Top-level fields that have a meaning where a video is made. */
export const VIDEO_FIELDS: ReadonlySet<string> = new Set(Object.keys(videoWishSchema.shape));

/** A video that a conversation asks for, as the videos dialect would say it. */
export interface VideoWish {
  decoded: DecodedRequest;
  /** Its words are the scenes of one. */
  isStoryboard: boolean;
}

/** A conversation with a model that makes videos. Throws `invalid_request`. */
export function readVideoWish(request: ChatRequest, body: object, binds?: SoraNamesBind): VideoWish {
  const parsed = videoWishSchema.safeParse(withBarePicture(body));
  if (!parsed.success) throw schemaError(parsed.error, body);
  const { video_config: config, ...wire } = parsed.data;
  const { choices = 1 } = request;
  if (choices > 1)
    throw new GatewayError('unsupported', "Unsupported 'n': one video is made per request.", { param: 'n' });
  const last = readLastWords(request, body);
  const name = boundName(request.model, binds);
  const { prompt, source, options, isStoryboard } = name ? readSora(last, { name, wire }) : readPlain(last, wire);
  const preset = config?.preset;
  const providerOptions = {
    ...(preset != null && { [PRESETS_AT]: { preset } }),
    ...(options && { [NATIVE_UPSTREAM]: options }),
  };
  const shape = shapeOf(decodeShape(wire), config ?? {});
  const decoded = {
    request: {
      // What goes on from a film runs on that one's model: a name of Sora's says no other.
      ...(name && source ? {} : { model: request.model }),
      prompt,
      ...shape,
      ...(name?.work === 'extension' && present({ durationSeconds: agreedLength(name, shape) })),
      ...present({
        metadata: request.metadata,
        endUser: request.endUser,
        providerOptions: Object.keys(providerOptions).length === 0 ? undefined : providerOptions,
      }),
    },
    pictures: withRoles(decodePictures(wire), last.pictures),
    ...(source && { source }),
    ignored: preset == null ? [] : ['video_config.preset'],
  };
  return { decoded, isStoryboard };
}

function readPlain({ prompt, films }: LastWords, wire: Wire): ChatWish {
  refuseFilm(wire);
  refuseFilms(films);
  const source = decodeSource(wire, undefined);
  const style = wire.style_id;
  return {
    prompt,
    isStoryboard: false,
    ...(source && { source }),
    ...(style != null && { options: { style_id: style } }),
  };
}

function readSora({ prompt, films }: LastWords, { name, wire }: { name: SoraName; wire: Wire }): ChatWish {
  const { video, video_id: id, remix_target_id: target, style_id: style } = wire;
  const told: Film[] = id == null ? [] : [{ field: 'video_id', name: id }];
  if (video != null) told.push({ field: 'video', name: nameOf(video) });
  return readChatWish({ name, text: prompt, films: [...told, ...films], target, style });
}

function nameOf(video: NonNullable<Wire['video']>): string {
  if (typeof video === 'string') return video;
  return video instanceof UploadedFile ? '' : (video.id ?? video.url ?? '');
}

function agreedLength({ seconds }: SoraName, { durationSeconds }: { durationSeconds?: number }): number | undefined {
  return agree(['model', seconds], ['seconds', durationSeconds]);
}

/** A film as the beginning of another is named by its id, elsewhere. */
function refuseFilm({ video, video_id: id }: Pick<z.infer<typeof videoWishSchema>, 'video' | 'video_id'>): void {
  const param = video == null ? 'video_id' : 'video';
  if (video == null && id == null) return;
  const text = `Unsupported '${param}': a chat makes videos from words and pictures; a finished video is named by 'remix_target_id'.`;
  throw new GatewayError('unsupported', text, { param });
}

function shapeOf(shape: ReturnType<typeof decodeShape>, config: Config): ReturnType<typeof decodeShape> {
  const length = 'video_config.video_length';
  return present({
    size: shape.size,
    durationSeconds: agree(['seconds', shape.durationSeconds], [length, decodeSeconds(config.video_length, length)]),
    aspectRatio: shape.size
      ? undefined
      : agree(['aspect_ratio', shape.aspectRatio], ['video_config.aspect_ratio', readRatio(config.aspect_ratio)]),
    resolution: agree(
      ['resolution', shape.resolution],
      ['video_config.resolution', readResolution(config.resolution)],
      ['video_config.resolution_name', readResolution(config.resolution_name)],
    ),
  });
}

function readRatio(text: string | null | undefined): string | undefined {
  if (text == null || text === 'auto') return undefined;
  if (/^[1-9]\d{0,3}:[1-9]\d{0,3}$/.test(text)) return text;
  throw refuse('video_config.aspect_ratio', 'expected WIDTH:HEIGHT, such as "16:9"');
}

const LINES: Readonly<Record<string, string>> = { sd: '480p', hd: '720p' };

/** Clients of one system name the two by letters; all others by lines. */
function readResolution(text: string | null | undefined): string | undefined {
  return text == null ? undefined : (LINES[text.toLowerCase()] ?? text);
}

/** A single picture is what the video begins with; of several, each is there to be looked at. */
function withRoles(told: readonly PictureWish[], shown: readonly NamedPicture[]): PictureWish[] {
  const isOnly = told.length === 0 && shown.length === 1;
  return [...told, ...shown.map((picture) => ({ ...picture, role: isOnly ? 'first-frame' : 'reference' }) as const)];
}
