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
  completedAtMs?: number;
  expiresAtMs?: number;
  sourceId?: string;
  /** An object or a text; there only where something went wrong. */
  error?: Json;
}

export interface SoraPage {
  videos: SoraVideo[];
  /** Where the next page starts; absent on the last. */
  after?: string;
}

/** Throws what says that the outcome is not known where there is no video in the answer. */
export function readVideo(json: unknown): SoraVideo {
  const found = objectsIn(json)
    .map(toVideo)
    .find((video) => video !== undefined);
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
  const after = text(list['last_id']) ?? text(list['next_cursor']) ?? videos.at(-1)?.id;
  const hasMore = list['has_more'] === true && videos.length > 0;
  return { videos, ...(hasMore && after !== undefined && { after }) };
}

const NUMBER = /^(-?\d+(?:\.\d+)?)\s*(?:%|s|sec|seconds)?$/i;
/** Later than this in seconds is milliseconds. */
const LATEST_SECONDS = 100_000_000_000;

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
function objectsIn(json: unknown): unknown[] {
  if (!isJsonObject(json)) return [];
  return [json, json['data'], json['video'], json['task'], Array.isArray(json['data']) ? json['data'][0] : undefined];
}

function toVideo(json: unknown): SoraVideo | undefined {
  if (!isJsonObject(json)) return undefined;
  const id = first(json, ['id', 'video_id', 'task_id', 'request_id', 'generation_id']);
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
    completedAtMs: instant(json['completed_at'] ?? json['finished_at']),
    expiresAtMs: instant(json['expires_at']),
    sourceId: first(json, ['remixed_from_video_id']),
  };
}

function errorIn(json: JsonObject): Json | undefined {
  const { error } = json;
  if (isJsonObject(error) ? Object.keys(error).length > 0 : text(error) !== undefined) return error;
  return first(json, ['error_message', 'fail_reason', 'failure_reason', 'failure_message']);
}

function instant(value: unknown): number | undefined {
  const parsed = number.parse(value) ?? (typeof value === 'string' ? Date.parse(value) : undefined);
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
