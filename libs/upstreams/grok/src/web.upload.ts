import { GatewayError } from '@sluice/contracts/gateway-error';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './grok.credential.js';
import type { WebAttachment } from './web.message.js';
import { callWebJson } from './web.request.js';

type Context = UpstreamContext<WebCredential>;

/** A file in the account. */
export interface WebFile {
  id: string;
  /** Below the site's host of files. */
  uri: string;
}

export interface Upload {
  name: string;
  mediaType: string;
  base64: string;
}

const AT_ONCE = 5;
const HEADERS_TIMEOUT_MS = 60_000;

/** Brings all of a message's files into the account, in their order. */
export async function uploadAll(attachments: readonly WebAttachment[], context: Context): Promise<WebFile[]> {
  const files: WebFile[] = [];
  const rest = attachments.entries();
  const line = async (): Promise<void> => {
    for (const [index, attachment] of rest) files[index] = await upload(toUpload(attachment, index), context);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, attachments.length) }, line));
  return files;
}

export async function upload({ name, mediaType, base64 }: Upload, context: Context): Promise<WebFile> {
  const body = { fileName: name, fileMimeType: mediaType, content: base64 };
  const path = '/rest/app-chat/upload-file';
  const answer = await callWebJson({ path, body, headersTimeoutMs: HEADERS_TIMEOUT_MS }, context).catch(unpaid);
  const { fileMetadataId: id, fileUri: uri } = isJsonObject(answer) ? answer : {};
  if (typeof id !== 'string' || id === '' || typeof uri !== 'string')
    throw new GatewayError('upstream_bad_answer', 'The upstream took a file without an id.', { saw: 'refused' });
  return { id, uri };
}

/** A file of ours, as it is brought there. */
export async function readUpload(media: StoredMedia, context: Context): Promise<Upload> {
  const pieces: Uint8Array[] = [];
  for await (const piece of context.readMedia(media)) pieces.push(piece);
  const name = media.filename ?? media.key.split('/').at(-1) ?? 'file';
  return { name, mediaType: media.mediaType, base64: Buffer.concat(pieces).toString('base64') };
}

/** The gateway has brought what a URL names into the message by now. */
function toUpload({ source, name }: WebAttachment, index: number): Upload {
  if (source.type === 'data')
    return { name: withEnding(name, source.mediaType), mediaType: source.mediaType, base64: source.base64 };
  const message = 'The upstream takes files by their content: send it as base64 or a data URL.';
  throw new GatewayError('unsupported', message, { saw: 'nothing', param: `messages (attachment ${index + 1})` });
}

function withEnding(name: string, mediaType: string): string {
  return /\.\w{2,5}$/.test(name) ? name : `${name}.${mediaType.split('/')[1]?.replace('jpeg', 'jpg') ?? 'bin'}`;
}

/** Nothing that is paid has been asked for yet: it can be tried again. */
function unpaid(thrown: unknown): never {
  if (!(thrown instanceof GatewayError) || thrown.data.saw !== 'unknown') throw thrown;
  const { code, message, ...rest } = thrown.data;
  throw new GatewayError(code, message, { ...rest, saw: 'refused', cause: thrown });
}
