import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';

/** Which of a draft's files. `unmarked` is there for accounts alone that the site itself gives it to. */
export type Rendition = 'usual' | 'unmarked' | 'thumbnail';

/** What has become of a task: it lies among the account's drafts. */
export interface WebDraft {
  id: string;
  taskId: string | undefined;
  prompt: string | undefined;
  createdAtMs: number | undefined;
  /** Undefined where it is a film. */
  failure: ErrorData | undefined;
  urls: { [Name in Rendition]?: string };
  /** The post that shows it, where it was published. */
  postId: string | undefined;
  seconds: number | undefined;
  size: string | undefined;
  /** What was asked for. */
  config: Json | undefined;
}

export function readDraft(json: Json | undefined): WebDraft | undefined {
  if (!isJsonObject(json)) return undefined;
  const id = text(json['generation_id']) ?? text(json['id']);
  if (id === undefined) return undefined;
  const urls = urlsOf(json);
  const { created_at: created, duration_s: seconds, width, height, post } = json;
  return {
    id,
    urls,
    taskId: text(json['task_id']),
    prompt: text(json['prompt']),
    createdAtMs: instant(created),
    failure: failureOf(json, urls.usual),
    postId: isJsonObject(post)
      ? (text(post['id']) ?? (isJsonObject(post['post']) ? text(post['post']['id']) : undefined))
      : undefined,
    seconds: typeof seconds === 'number' ? seconds : undefined,
    size: typeof width === 'number' && typeof height === 'number' ? `${width}x${height}` : undefined,
    config: json['creation_config'],
  };
}

/** Seconds, with fractions or as text with a zone. */
export function instant(value: Json | undefined): number | undefined {
  if (typeof value === 'number' && value > 0) return Math.round(value * 1_000);
  const atMs = typeof value === 'string' && /(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** What the site labels for this account; paths of its own storage are no addresses. */
function urlsOf(json: JsonObject): WebDraft['urls'] {
  const { download_urls: downloads, encodings } = json;
  const { watermark, no_watermark: unmarked } = isJsonObject(downloads) ? downloads : {};
  const { thumbnail } = isJsonObject(encodings) ? encodings : {};
  return present({
    usual: url(json['downloadable_url']) ?? url(watermark) ?? url(json['url']),
    unmarked: url(unmarked),
    thumbnail: isJsonObject(thumbnail) ? (url(thumbnail['url']) ?? url(thumbnail['path'])) : undefined,
  });
}

function failureOf(json: JsonObject, film: string | undefined): ErrorData | undefined {
  const kind = text(json['kind']);
  const reason = text(json['reason_str']) ?? text(json['markdown_reason_str']);
  if (kind === 'sora_error') return failed('upstream_error', reason ?? 'The upstream could not make the video.', kind);
  if (kind === 'sora_content_violation' || reason !== undefined)
    return failed('content_refused', reason ?? 'The upstream refused to show the video that it made.', kind);
  return film === undefined ? failed('upstream_error', 'The upstream made a video without a file.', kind) : undefined;
}

function failed(code: ErrorData['code'], message: string, upstreamCode: string | undefined): ErrorData {
  return { code, message, saw: 'refused', ...present({ upstreamCode }) };
}

function url(value: Json | undefined): string | undefined {
  return typeof value === 'string' && /^https?:\/\//.test(value) ? value : undefined;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
