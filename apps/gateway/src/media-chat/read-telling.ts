import {
  type ImageFormat,
  imageFormatSchema,
  type MediaProgress,
  mediaProgressSchema,
  type VideoFormat,
  videoFormatSchema,
} from '@sluice/domain-settings/media-chat';
import type { Settings } from '@sluice/domain-settings/settings';
import type { z } from 'zod';
import { refuse } from './agree.js';

/** How a video or its like is told to one client. */
export interface Telling {
  progress: MediaProgress;
  format: { kind: 'video'; word: VideoFormat } | { kind: 'image'; word: ImageFormat };
  stopWord: 'stop' | 'STOP';
}

const PROGRESS_HEADER = 'x-sluice-progress';
const FORMAT_HEADER = 'x-sluice-media-format';
/** The same, for clients that can add to the body only. */
const PROGRESS_FIELD = 'media_progress';
const FORMAT_FIELD = 'media_format';
/** Top-level fields that say how it is to be told. */
export const TELLING_FIELDS: ReadonlySet<string> = new Set([PROGRESS_FIELD, FORMAT_FIELD, 'thinking']);

export interface TellingCall {
  kind: 'video' | 'image';
  isStreamed: boolean;
  body: object;
  header(name: string): string | undefined;
  /** What the dialect's own fields ask for. */
  isInline?: boolean | undefined;
}

/** What the call asks for, else what the operator set. */
export function readTelling(call: TellingCall, settings: Pick<Settings, 'get'>): Telling {
  return {
    progress: readProgress(call, settings),
    format:
      call.kind === 'video'
        ? { kind: 'video', word: readVideoFormat(call, settings) }
        : { kind: 'image', word: readImageFormat(call, settings) },
    stopWord: settings.get('MEDIA_CHAT_FINISH_REASON'),
  };
}

function readProgress(call: TellingCall, settings: Pick<Settings, 'get'>): MediaProgress {
  const asked = said(call, { header: PROGRESS_HEADER, field: PROGRESS_FIELD, schema: mediaProgressSchema });
  if (asked) return asked;
  const usual = settings.get('MEDIA_CHAT_PROGRESS');
  // What comes whole has got on already: between the words of an answer that would only be in the way.
  if (!call.isStreamed && usual !== 'reasoning') return 'none';
  return 'thinking' in call.body && call.body.thinking === 'disabled' ? 'none' : usual;
}

function readVideoFormat(call: TellingCall, settings: Pick<Settings, 'get'>): VideoFormat {
  const asked = said(call, { header: FORMAT_HEADER, field: FORMAT_FIELD, schema: videoFormatSchema });
  return asked ?? settings.get('MEDIA_CHAT_VIDEO_FORMAT');
}

function readImageFormat(call: TellingCall, settings: Pick<Settings, 'get'>): ImageFormat {
  const asked = said(call, { header: FORMAT_HEADER, field: FORMAT_FIELD, schema: imageFormatSchema });
  if (asked) return asked;
  if (call.isInline) return 'b64';
  const usual = settings.get('MEDIA_CHAT_IMAGE_FORMAT');
  return call.isInline === false && usual === 'b64' ? 'markdown' : usual;
}

function said<Word extends string>(
  { header, body }: TellingCall,
  where: { header: string; field: string; schema: z.ZodType<Word> & { options: readonly Word[] } },
): Word | undefined {
  const inHeader = header(where.header);
  const [name, value] = inHeader === undefined ? [where.field, memberOf(body, where.field)] : [where.header, inHeader];
  if (value == null) return undefined;
  const parsed = where.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(name, `expected one of ${where.schema.options.join(', ')}`);
}

function memberOf(body: object, field: string): unknown {
  return (body as Readonly<Record<string, unknown>>)[field];
}
