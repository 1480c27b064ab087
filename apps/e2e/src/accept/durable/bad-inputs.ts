import type { HttpAnswer } from '../../harness/http-call.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { VIDEO_MODEL } from '../../scenarios/durable-videos.js';
import { announceUpload } from './announce-upload.js';
import { png } from './pictures.js';

export interface BadInput {
  title: string;
  send(client: SluiceClient): Promise<Pick<HttpAnswer, 'status' | 'text'>>;
  status: number;
  /** Where the field at fault is known. */
  param?: string;
}

const PROMPT = 'never made';
const BOUNDARY = 'accept-boundary';
const FIVE_GIGABYTES = 5_000_000_000;

export const BAD_INPUTS: readonly BadInput[] = [
  {
    title: 'a text that says it is a picture',
    send: (client) => form(client, { mediaType: 'image/png', content: Buffer.from('just words, and more of them') }),
    status: 400,
    param: 'input_reference',
  },
  {
    title: 'a film where a picture belongs',
    send: (client) => form(client, { mediaType: 'video/mp4', content: Buffer.from('00000018667479706d703432', 'hex') }),
    status: 400,
    param: 'input_reference',
  },
  {
    title: 'a small file that would be a picture of 900 million pixels',
    send: (client) => form(client, { mediaType: 'image/png', content: png({ width: 30_000, height: 30_000 }) }),
    status: 400,
    param: 'input_reference',
  },
  {
    title: 'an upload of 5 GB, as it is announced',
    send: ({ run }) => announceUpload({ run, bytes: FIVE_GIGABYTES, boundary: BOUNDARY }),
    status: 413,
  },
  ...['http://127.0.0.1:9/a.png', 'http://169.254.169.254/latest/meta-data', 'http://localhost/a.png'].map((url) => ({
    title: `a picture at ${url}`,
    send: (client: SluiceClient) => json(client, { input_reference: url }),
    status: 400,
    param: 'input_reference',
  })),
  {
    title: '600 seconds',
    send: (client) => json(client, { seconds: '600' }),
    status: 400,
    param: 'seconds',
  },
  {
    title: 'seconds that are none',
    send: (client) => json(client, { seconds: 'a few' }),
    status: 400,
    param: 'seconds',
  },
  {
    title: "a remix of someone else's video",
    send: (client) => callOthers(client, { path: '/remix', body: { prompt: PROMPT } }),
    status: 404,
  },
  {
    title: "someone else's video, to be read",
    send: (client) => callOthers(client, { path: '' }),
    status: 404,
  },
  {
    title: 'a form that ends before its end',
    send: (client) =>
      client.call('/v1/videos', formCall(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="prompt"\r\n\r\nhalf`)),
    status: 400,
  },
  {
    title: 'a form without a boundary',
    send: (client) =>
      client.call('/v1/videos', { body: 'prompt=x', headers: { 'content-type': 'multipart/form-data' } }),
    status: 400,
  },
];

function json(client: SluiceClient, fields: object): Promise<HttpAnswer> {
  return client.call('/v1/videos', { body: { model: VIDEO_MODEL, prompt: PROMPT, ...fields } });
}

/** The video of one key, asked for with another. */
async function callOthers(client: SluiceClient, { path, body }: { path: string; body?: object }): Promise<HttpAnswer> {
  const { data } = (await client.call('/v1/videos?limit=1')).json() as { data: { id: string }[] };
  const id = data[0]?.id;
  if (id === undefined) throw new Error('there is no video to be asked for');
  const { key } = await client.admin.createKey('a stranger');
  const headers = { authorization: `Bearer ${key}` };
  return client.call(`/v1/videos/${id}${path}`, { headers, ...(body && { body }) });
}

async function form(
  client: SluiceClient,
  { mediaType, content }: { mediaType: string; content: Buffer },
): Promise<Pick<HttpAnswer, 'status' | 'text'>> {
  const body = new FormData();
  body.set('model', VIDEO_MODEL);
  body.set('prompt', PROMPT);
  body.set('input_reference', new Blob([new Uint8Array(content)], { type: mediaType }), 'picture');
  const answer = await fetch(`${client.run.gateway}/v1/videos`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.run.apiKey}` },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

function formCall(body: string) {
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` } };
}
