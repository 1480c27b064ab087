import { sendBody } from '../faults/send-body.js';
import { wait } from '../faults/wait.js';
import type { Exchange } from '../http/exchange.js';
import { parseMultipart, type FormPart } from '../http/parse-multipart.js';
import { readBytes } from '../http/read-bytes.js';
import { sendText } from '../http/send-text.js';
import { encodePng } from '../pictures/encode-png.js';
import type { Handler } from '../vendor.js';
import { sampleMp4 } from '../videos/sample-mp4.js';
import { samplePng } from '../videos/sample-png.js';
import { enter, refusal } from './enter.js';
import type { SoraTask } from './sora-task.js';

/** POST /uploads */
export const handleUpload: Handler = async (exchange, context) => {
  const { file } = await readFile(exchange);
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  if (file.bytes.includes('realistic human')) throw refusal(400, 'The image may depict a realistic human.');
  const id = context.state.sora.nextId('media');
  account.uploads.set(id, { mediaType: file.mediaType, bytes: file.bytes.length });
  await sendBody(exchange, JSON.stringify({ id }), fault);
};

/** POST /project_y/file/upload */
export const handleFileUpload: Handler = async (exchange, context) => {
  const { file, use } = await readFile(exchange);
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  if (use !== 'profile' && use !== 'inpaint_safe') throw refusal(400, "'use_case' is profile or inpaint_safe.");
  const id = context.state.sora.nextId('file');
  account.assets.set(`sediment://${id}`, { use, bytes: file.bytes.length });
  const answer = {
    asset_pointer: `sediment://${id}`,
    file_id: id,
    url: null,
    size: file.bytes.length,
    azure_asset_pointer: null,
  };
  await sendBody(exchange, JSON.stringify({ ...answer, contains_realistic_person: false }), fault);
};

/** GET /az/files/{gen}.{file}: whoever has the link; ranges as well. */
export const handleFile: Handler = (exchange, { state }) => {
  const [generationId = '', name = ''] = (exchange.parameters[0] ?? '').split('.');
  const task = state.sora.find((each) => each.generationId === generationId);
  const endsAtMs = Number(new URL(exchange.request.url ?? '/', 'http://localhost').searchParams.get('se'));
  if (exchange.request.headers.authorization !== undefined)
    return sendText(exchange.response, {
      status: 400,
      contentType: 'text/xml',
      text: '<Error>Two ways to sign in</Error>',
    });
  if (task) task.contentCalls += 1;
  if (task === undefined || !(endsAtMs > state.clock()))
    return sendText(exchange.response, {
      status: 403,
      contentType: 'text/xml',
      text: '<Error>Signature not valid</Error>',
    });
  const isVideo = name !== 'thumbnail' && name !== 'picture';
  const bytes = isVideo ? filmOf(task, name) : pictureOf(task, name);
  return sendRange(exchange, { bytes, mediaType: isVideo ? 'video/mp4' : 'image/png', task });
};

/** Each file differs in a box that players skip, so that a mix-up shows. */
function filmOf({ id, model, fault }: SoraTask, name: string): Buffer {
  const note = Buffer.from(`${id} ${model} ${name}`);
  const missing = Math.max(0, (fault.contentBytes ?? 0) - sampleMp4.length - 8 - note.length);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + note.length + missing, 0);
  head.write('free', 4, 'latin1');
  return Buffer.concat([sampleMp4, head, note, Buffer.alloc(missing)]);
}

function pictureOf({ width, height }: SoraTask, name: string): Buffer {
  return name === 'thumbnail' ? samplePng : encodePng({ width, height }, { red: 40, green: 90, blue: 160 });
}

async function sendRange(
  exchange: Exchange,
  { bytes, mediaType, task }: { bytes: Buffer; mediaType: string; task: SoraTask },
): Promise<void> {
  const { response, request } = exchange;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from ?? 0);
  const end = to === undefined || to === '' ? bytes.length : Math.min(Number(to) + 1, bytes.length);
  const part = bytes.subarray(start, end);
  const headers = { 'content-type': mediaType, 'content-length': part.length, 'accept-ranges': 'bytes' };
  const range = { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
  response.writeHead(from === undefined ? 200 : 206, from === undefined ? headers : { ...headers, ...range });
  const isBroken = task.fault.truncated === true && task.contentCalls <= (task.fault.contentFailTimes ?? 1);
  if (!isBroken && task.fault.contentMs !== undefined) return sendSlowly(exchange, part, task.fault.contentMs);
  if (!isBroken) return void response.end(part);
  await new Promise<void>((resolve) => response.write(part.subarray(0, part.length / 2), () => resolve()));
  exchange.hangUp();
}

const SLICES = 8;

async function sendSlowly({ response, signal }: Exchange, part: Buffer, wholeMs: number): Promise<void> {
  const sliceBytes = Math.ceil(part.length / SLICES);
  for (let offset = 0; offset < part.length && !signal.aborted; offset += sliceBytes) {
    response.write(part.subarray(offset, offset + sliceBytes));
    await wait(wholeMs / SLICES, signal);
  }
  response.end();
}

async function readFile(exchange: Exchange): Promise<{ file: FormPart; use: string | undefined }> {
  const bytes = await readBytes(exchange.request);
  const parts = parseMultipart(bytes, exchange.request.headers['content-type'] ?? '');
  const file = parts?.find(({ name }) => name === 'file');
  if (file?.filename === undefined) throw refusal(400, "The form has no 'file'.");
  return { file, use: parts?.find(({ name }) => name === 'use_case')?.bytes.toString() };
}
