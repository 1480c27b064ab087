import { z } from 'zod';
import { chatPathsSchema, chatPrefixesSchema } from './chat-path.js';

export interface SettingDefinition<Schema extends z.ZodType = z.ZodType> {
  summary: string;
  schema: Schema;
  /** What holds where the operator said nothing. */
  initial: z.output<Schema>;
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
  STUDIO_MODEL: define({
    summary: 'The model of videos made in the studio; <orientation> becomes portrait or landscape',
    schema: z.string().trim().min(1).max(200),
    initial: 'sora_video2-hd-<orientation>-15s',
  }),
  STUDIO_SECONDS: define({
    summary: 'How long videos made in the studio are asked to be; null leaves it to the model',
    schema: z.int().min(1).max(60).nullable(),
    initial: 15,
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
