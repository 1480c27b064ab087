import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { z } from 'zod';

/** A video as vendors tell it: all but the id may be missing, and is then not known. */
export interface SoraVideo {
  id: string;
  status?: string;
  /** As said: 0–1 or 0–100, which only the caller can tell apart. */
  progress?: number;
  model?: string;
  prompt?: string;
  size?: string;
  seconds?: number;
  createdAtMs?: number;
  /** A time of completion was told, in whatever way. */
  isCompleted?: true;
  expiresAtMs?: number;
  sourceId?: string;
  /** An object or a text; there only where something went wrong. */
  error?: Json;
}

export interface SoraPage {
  videos: SoraVideo[];
  /** Where the next page starts, if there is one. */
  after?: string;
  /** Nothing comes after it, and all that is on it could be read. Not set where that is only likely. */
  isLast: boolean;
}

/**
 * Throws what says that the outcome is not known where there is no video in the answer. Around a video there may be an id of the call:
 * it counts only where nothing better is told, or where it is the one that is looked for.
 */
export function readVideo(json: unknown, expectedId?: string): SoraVideo {
  const objects = objectsIn(json);
  const isExpected = (object: JsonObject): boolean =>
    expectedId !== undefined && IDS.some((name) => first(object, [name]) === expectedId);
  const object =
    objects.find(isExpected) ??
    objects.find((each) => first(each, VIDEO_IDS) !== undefined) ??
    objects.findLast((each) => first(each, CALL_IDS) !== undefined);
  const found = toVideo(object);
  if (found !== undefined) return found;
  throw new GatewayError('upstream_bad_answer', 'The upstream answered with something that is no video.', {
    saw: 'unknown',
  });
}

/** A page of a listing; what is no video in it is left out. */
export function readPage(json: unknown): SoraPage {
  const list = Array.isArray(json) ? { data: json } : json;
  if (!isJsonObject(list)) throw noList();
  const items = [list['data'], list['videos'], list['items']].find(Array.isArray);
  if (items === undefined) throw noList();
  const videos = items.map(toVideo).filter((video) => video !== undefined);
  const told = text(list['last_id']) ?? text(list['next_cursor']);
  const after = told ?? videos.at(-1)?.id;
  const isEnd = list['has_more'] === false || (list['has_more'] !== true && items.length === 0 && told === undefined);
  return {
    videos,
    ...(!isEnd && after !== undefined && { after }),
    isLast: isEnd && videos.length === items.length,
  };
}

/** By these a video is called, by those a call, where a vendor calls the video by nothing else. */
const VIDEO_IDS = ['id', 'video_id', 'task_id'];
const CALL_IDS = ['request_id', 'generation_id'];
const IDS = [...VIDEO_IDS, ...CALL_IDS];

const NUMBER = /^(-?\d+(?:\.\d+)?)\s*(?:%|s|sec|seconds)?$/i;
/** Later than this in seconds is milliseconds. */
const LATEST_SECONDS = 100_000_000_000;
/** A time of day with its zone: without one it may be any of twenty-six hours. */
const ZONED = /:\d\d(?:[.,]\d+)?\s*(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)$/i;

const number = z
  .union([
    z.number(),
    z.string().transform((value) => {
      const digits = NUMBER.exec(value.trim())?.[1];
      return digits === undefined ? undefined : Number(digits);
    }),
  ])
  .optional()
  .catch(undefined);

/** Some wrap the video once more. */
function objectsIn(json: unknown): JsonObject[] {
  if (!isJsonObject(json)) return [];
  const { data, video, task } = json;
  return [json, data, video, task, Array.isArray(data) ? data[0] : undefined].filter(isJsonObject);
}

function toVideo(json: unknown): SoraVideo | undefined {
  if (!isJsonObject(json)) return undefined;
  const id = first(json, IDS);
  if (id === undefined) return undefined;
  return { id, ...present({ ...describe(json), error: errorIn(json) }) };
}

function describe(json: JsonObject) {
  return {
    status: first(json, ['status', 'state', 'task_status']),
    progress: number.parse(json['progress'] ?? json['progress_pct']),
    model: first(json, ['model']),
    prompt: first(json, ['prompt']),
    size: first(json, ['size', 'resolution']),
    seconds: number.parse(json['seconds'] ?? json['duration']),
    createdAtMs: instant(json['created_at'] ?? json['created']),
    isCompleted: isTime(json['completed_at'] ?? json['finished_at']) ? (true as const) : undefined,
    expiresAtMs: instant(json['expires_at']),
    sourceId: first(json, ['remixed_from_video_id']),
  };
}

function errorIn(json: JsonObject): Json | undefined {
  const { error } = json;
  if (isJsonObject(error) ? Object.keys(error).length > 0 : text(error) !== undefined) return error;
  return first(json, ['error_message', 'fail_reason', 'failure_reason', 'failure_message']);
}

function isTime(value: unknown): boolean {
  return instant(value) !== undefined || (typeof value === 'string' && Date.parse(value) > 0);
}

function instant(value: unknown): number | undefined {
  const isZoned = typeof value === 'string' && ZONED.test(value.trim());
  const parsed = number.parse(value) ?? (isZoned ? Date.parse(value) : undefined);
  if (parsed === undefined || !(parsed > 0)) return undefined;
  return Math.round(parsed > LATEST_SECONDS ? parsed : parsed * 1000);
}

function first(json: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = json[name];
    const found = typeof value === 'number' ? String(value) : text(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function noList(): GatewayError {
  return new GatewayError('upstream_bad_answer', 'The upstream answered with something that is no list of videos.', {
    saw: 'unknown',
  });
}
