import { z } from 'zod';
import { modelOptionsSchema, modelPatternsSchema, modelSuffixesSchema } from './chat-options.js';
import { chatPathsSchema, chatPrefixesSchema } from './chat-path.js';
import { keptFilesSchema, pollingSchema, publicUrlSchema, timeLimitsSchema } from './making.js';
import { imageFormatSchema, mediaProgressSchema, stopWordSchema, videoFormatSchema } from './media-chat.js';
import { soraNamesBindSchema } from './sora-names-bind.js';
import { restoreProxies, showProxies } from './shown-proxies.js';
import { attemptLimitsSchema, proxiesSchema, upstreamHeadersSchema } from './ways-out.js';

export interface SettingDefinition<Schema extends z.ZodType = z.ZodType> {
  summary: string;
  schema: Schema;
  /** What holds where the operator said nothing. */
  initial: z.output<Schema>;
  /** What operators are shown of it, where it holds secrets. */
  show?(value: z.output<Schema>): z.output<Schema>;
  /** What is kept, where somebody gives back what was shown. */
  restore?(given: z.output<Schema>, held: z.output<Schema>): z.output<Schema>;
}

const KIBIBYTE = 1_024;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** THE list of what an operator changes while everything runs. */
export const SETTINGS = {
  REPLACE_CHAT: define({
    summary: 'Paths that the chat is served at instead of /v1/chat/completions; the other two lists then do not count',
    schema: chatPathsSchema,
    initial: [],
  }),
  PREFIX_CHAT: define({
    summary: 'Prefixes under which the chat is served too: /tenant adds /tenant/v1/chat/completions',
    schema: chatPrefixesSchema,
    initial: [],
  }),
  APPEND_CHAT: define({
    summary: 'Further paths that the chat is served at',
    schema: chatPathsSchema,
    initial: [],
  }),
  MEND_PREFIXES: define({
    summary: 'A path with an unknown beginning is served as the route that its end names: /any/v1/chat/completions',
    schema: z.boolean(),
    initial: false,
  }),
  MODEL_SUFFIXES: define({
    summary: "Suffixes of models' names that ask for something: [{suffix, models, isListed, apply}]",
    schema: modelSuffixesSchema,
    initial: [],
  }),
  MODEL_OPTIONS: define({
    summary: 'What chats with models ask for where the client says nothing: [{models, apply}]; later rows count more',
    schema: modelOptionsSchema,
    initial: [],
  }),
  FILTERED_MODELS: define({
    summary: 'Models that are neither listed nor served; * stands for anything',
    schema: modelPatternsSchema,
    initial: [],
  }),
  SORA_NAMES_LISTED: define({
    summary: "Names that clients of Sora's gateways ask for are listed among the models where something serves them",
    schema: z.boolean(),
    initial: true,
  }),
  SORA_NAMES_BIND: define({
    summary: "What a name of Sora's clients says of a film that has to be so: all, or its orientation alone",
    schema: soraNamesBindSchema,
    initial: 'all',
  }),
  HEARTBEAT_MS: define({
    summary:
      'A stream that is silent for so long is sent something that clients skip; null: as the gateway was started',
    schema: z
      .int()
      .min(100)
      .max(10 * MINUTE_MS)
      .nullable(),
    initial: null,
  }),
  PROXIES: define({
    summary: 'Proxies by upstream, or for all as *; a credential without its own stays with one of them',
    schema: proxiesSchema,
    initial: {},
    show: showProxies,
    restore: restoreProxies,
  }),
  UPLOAD_PROXIES: define({
    summary: 'Proxies of calls that carry files to an upstream, in place of any other; by upstream, or for all as *',
    schema: proxiesSchema,
    initial: {},
    show: showProxies,
    restore: restoreProxies,
  }),
  UPSTREAM_HEADERS: define({
    summary: 'Headers of every call by upstream, or for all as *; none that authorise or frame',
    schema: upstreamHeadersSchema,
    initial: {},
  }),
  ATTEMPTS: define({
    summary:
      'How often one generation is tried: elsewhere where a credential is refused, again where a call fails; submissions of a video or a picture',
    schema: attemptLimitsSchema,
    initial: { elsewhere: 10, again: 3 },
  }),
  POLLING: define({
    summary: 'How often work that runs at an upstream is looked at: {"sora": {firstMs, longestMs}, "*": …}',
    schema: pollingSchema,
    initial: {},
  }),
  TIME_LIMITS: define({
    summary: 'How long a video or a picture may take, from the call on: {video, image} in ms; absent: a day',
    schema: timeLimitsSchema,
    initial: {},
  }),
  KEEP_FILES_MS: define({
    summary: "How long results made from now on are kept, or 'forever'; null: as the workers were started",
    schema: keptFilesSchema,
    initial: null,
  }),
  PUBLIC_URL: define({
    summary: 'What links to files begin with; null: as the gateway was started, else as the client wrote it',
    schema: publicUrlSchema,
    initial: null,
  }),
  SHOW_PROMPTS: define({
    summary: 'Operators see the prompts of videos and pictures in the list of generations',
    schema: z.boolean(),
    initial: false,
  }),
  LOG_LEVEL: define({
    summary: 'How much every process writes: debug, info, warn or error; null: as it was started',
    schema: z.enum(['debug', 'info', 'warn', 'error']).nullable(),
    initial: null,
  }),
  SESSION_BY_BODY: define({
    summary: 'A session_id in the body selects a conversation that is kept',
    schema: z.boolean(),
    initial: true,
  }),
  SESSION_BY_USER: define({
    summary: "The body's user (user_id, metadata.user_id) selects a conversation where no session is named",
    schema: z.boolean(),
    initial: false,
  }),
  SESSION_IDLE_MS: define({
    summary: 'A conversation is forgotten when it was not continued for so long',
    schema: z
      .int()
      .min(1_000)
      .max(30 * DAY_MS),
    initial: 30 * MINUTE_MS,
  }),
  SESSION_MAX_TURNS: define({
    summary: 'The oldest turns beyond so many are dropped',
    schema: z.int().min(1).max(10_000),
    initial: 200,
  }),
  SESSION_MAX_BYTES: define({
    summary: 'The oldest turns beyond so many bytes are dropped',
    schema: z
      .int()
      .min(KIBIBYTE)
      .max(16 * KIBIBYTE * KIBIBYTE),
    initial: 2 * KIBIBYTE * KIBIBYTE,
  }),
  WEBHOOK_RETENTION_MS: define({
    summary: 'Webhook events, and what became of them, are forgotten after so long',
    schema: z
      .int()
      .min(4 * DAY_MS)
      .max(366 * DAY_MS),
    initial: 30 * DAY_MS,
  }),
  MEDIA_CHAT_PROGRESS: define({
    summary: 'Where a chat with a model of videos or pictures tells how it gets on: reasoning, content, think or none',
    schema: mediaProgressSchema,
    initial: 'reasoning',
  }),
  MEDIA_CHAT_VIDEO_FORMAT: define({
    summary: 'How a chat tells a video: html (in a block of code), html-plain, markdown (a link) or url',
    schema: videoFormatSchema,
    initial: 'html',
  }),
  MEDIA_CHAT_IMAGE_FORMAT: define({
    summary: 'How a chat tells a picture: markdown, url, or b64 (Markdown with the picture in it)',
    schema: imageFormatSchema,
    initial: 'markdown',
  }),
  MEDIA_CHAT_FINISH_REASON: define({
    summary: 'How a chat that made a video or a picture spells its end: stop, or STOP as some old clients want it',
    schema: stopWordSchema,
    initial: 'stop',
  }),
  IMAGE_MODEL: define({
    summary: 'The model of calls for pictures that name none; null: they are refused',
    schema: z.string().trim().min(1).max(200).nullable(),
    initial: null,
  }),
  STUDIO_MODEL: define({
    summary: 'The model of videos made in the studio; <orientation> becomes portrait or landscape',
    schema: z.string().trim().min(1).max(200),
    initial: 'sora-2',
  }),
  STUDIO_SECONDS: define({
    summary: 'How long videos made in the studio are asked to be; null leaves it to the model',
    schema: z.int().min(1).max(60).nullable(),
    initial: null,
  }),
  STUDIO_SIMULTANEOUS_VIDEOS: define({
    summary: "A studio user's videos that may be waiting or in the making at a time",
    schema: z.int().min(1).max(1_000),
    initial: 10,
  }),
  STUDIO_DAILY_VIDEOS: define({
    summary: 'Videos that a studio user may start in a day (UTC)',
    schema: z.int().min(0).max(100_000),
    initial: 100,
  }),
  STUDIO_DAILY_SIGNUPS: define({
    summary: 'Studio accounts that one address may try to make within 24 hours, where sign-up is open',
    schema: z.int().min(1).max(100_000),
    initial: 100,
  }),
  STUDIO_TOKEN_MS: define({
    summary: "How long a studio user's token opens",
    schema: z
      .int()
      .min(MINUTE_MS)
      .max(90 * DAY_MS),
    initial: 7 * DAY_MS,
  }),
} satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof SETTINGS;
export type SettingValue<Name extends SettingName> = z.output<(typeof SETTINGS)[Name]['schema']>;

export const SETTING_NAMES = Object.keys(SETTINGS).filter(isSettingName);

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

function define<Schema extends z.ZodType>(definition: SettingDefinition<Schema>): SettingDefinition<Schema> {
  return definition;
}
