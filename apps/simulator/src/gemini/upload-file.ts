import { z } from 'zod';
import { admit } from '../faults/admit.js';
import type { Exchange } from '../http/exchange.js';
import { readBody } from '../http/read-body.js';
import { sendText } from '../http/send-text.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler, HandlerContext } from '../vendor.js';
import type { Upload } from './file-store.js';
import { invalidArgument } from './refuse.js';
import { renderFile } from './render-file.js';

const MOST_BYTES = 2 * 1024 * 1024 * 1024;
/** A piece that is not the last has to be a multiple of it. */
const GRANULARITY = 8 * 1024 * 1024;

const descriptionSchema = z.strictObject({
  file: z
    .strictObject({
      name: z.string().optional(),
      displayName: z.string().optional(),
      display_name: z.string().optional(),
      mimeType: z.string().optional(),
      mime_type: z.string().optional(),
      /** Google's SDK tells it; the header counts. */
      sizeBytes: z.string().optional(),
    })
    .optional(),
});

/** POST /upload/v1beta/files: Google's resumable protocol. `upload_id` is in the address that the start tells. */
export const handleUpload: Handler = async (exchange, context) => {
  const { answered } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const id = new URL(exchange.request.url ?? '/', 'http://localhost').searchParams.get('upload_id');
  const commands = (headerOf(exchange, 'x-goog-upload-command') ?? '').split(',').map((each) => each.trim());
  if (id === null) return start(exchange, context, commands);
  const upload = context.state.googleFiles.upload(id);
  if (upload === undefined || upload.key !== exchange.record.key) throw unknownUpload();
  if (commands.includes('cancel')) {
    context.state.googleFiles.cancel(id);
    return answer(exchange, { status: 'cancelled' });
  }
  if (commands.includes('query')) return tell(exchange, upload);
  if (upload.file !== undefined) throw invalidArgument('Upload has already been terminated.');
  if (
    commands.includes('upload') &&
    !(await take(exchange, { context, upload, isLast: commands.includes('finalize') }))
  )
    return;
  if (!commands.includes('finalize')) return tell(exchange, upload);
  if (upload.received !== upload.bytes)
    throw invalidArgument(`Upload of ${upload.bytes} bytes was finalized with ${upload.received}.`);
  context.state.googleFiles.finish(upload);
  tell(exchange, upload);
};

async function start(exchange: Exchange, { state }: HandlerContext, commands: readonly string[]): Promise<void> {
  if (headerOf(exchange, 'x-goog-upload-protocol') !== 'resumable' || !commands.includes('start'))
    throw invalidArgument('An upload begins with the protocol resumable and the command start.');
  const bytes = Number(headerOf(exchange, 'x-goog-upload-header-content-length') ?? Number.NaN);
  const announced = headerOf(exchange, 'x-goog-upload-header-content-type');
  if (!Number.isSafeInteger(bytes) || bytes > MOST_BYTES) throw invalidArgument('File size is missing or too large.');
  const parsed = descriptionSchema.safeParse(JSON.parse((await readBody(exchange.request)) || '{}'));
  if (!parsed.success) throw invalidArgument(`Invalid JSON payload received. ${parsed.error.message}`);
  const { file } = parsed.data;
  const mimeType = file?.mimeType ?? file?.mime_type ?? announced;
  if (mimeType === undefined) throw invalidArgument('Unable to determine mime type.');
  const key = exchange.record.key ?? '';
  const upload = state.googleFiles.begin({
    key,
    mimeType,
    bytes,
    displayName: file?.displayName ?? file?.display_name,
  });
  const url = `http://${hostOf(exchange)}/gemini/upload/v1beta/files?upload_id=${upload.id}&upload_protocol=resumable`;
  exchange.response.setHeader('x-goog-upload-url', url);
  exchange.response.setHeader('x-goog-upload-chunk-granularity', String(GRANULARITY));
  answer(exchange, { status: 'active' });
}

/** False where the connection was cut. */
async function take(
  exchange: Exchange,
  { context, upload, isLast }: { context: HandlerContext; upload: Upload; isLast: boolean },
): Promise<boolean> {
  const { request, record } = exchange;
  const offset = Number(headerOf(exchange, 'x-goog-upload-offset') ?? Number.NaN);
  if (offset !== upload.received) throw invalidArgument(`Invalid offset ${offset}: ${upload.received} were received.`);
  const length = Number(headerOf(exchange, 'content-length') ?? Number.NaN);
  if (Number.isNaN(length)) throw new SimulatedFailure('invalid-request', { status: 411, message: 'Length Required' });
  if (upload.received + length > upload.bytes) throw invalidArgument('More bytes than were announced.');
  if (!isLast && length % GRANULARITY !== 0) throw invalidArgument(`A piece has to be a multiple of ${GRANULARITY}.`);
  const cutAfter = context.state.googleFiles.takeCut(upload.key);
  for await (const piece of request as AsyncIterable<Buffer>) {
    upload.hash.update(piece);
    upload.received += piece.length;
    record.bodyBytes += piece.length;
    if (cutAfter === undefined || upload.received < cutAfter) continue;
    exchange.hangUp();
    return false;
  }
  return true;
}

function tell(exchange: Exchange, upload: Upload): void {
  const { file, received } = upload;
  if (file === undefined) return answer(exchange, { status: 'active', received });
  const rendered = renderFile(file, { host: hostOf(exchange), now: exchange.clock() });
  answer(exchange, { status: 'final', body: { file: rendered } });
}

function answer(exchange: Exchange, told: { status: string; received?: number; body?: object }): void {
  const { response } = exchange;
  response.setHeader('x-goog-upload-status', told.status);
  if (told.received !== undefined) response.setHeader('x-goog-upload-size-received', String(told.received));
  const text = told.body === undefined ? '' : JSON.stringify(told.body, null, 2);
  sendText(response, { status: 200, contentType: 'application/json; charset=UTF-8', text });
}

function headerOf({ request }: Exchange, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function hostOf({ request }: Exchange): string {
  return request.headers.host ?? '127.0.0.1';
}

function unknownUpload(): SimulatedFailure {
  return new SimulatedFailure('invalid-request', { status: 404, message: 'Requested entity was not found.' });
}
