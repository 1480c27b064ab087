import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { sendText } from '../http/send-text.js';
import { readJsonBody } from '../openai/read-json-body.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';

const uploadSchema = z.strictObject({
  fileName: z.string().min(1),
  fileMimeType: z.string().min(1),
  content: z.base64(),
});

/** POST /rest/app-chat/upload-file */
export const handleUpload: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, uploadSchema);
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const { grok } = context.state;
  const { key = '' } = exchange.record;
  const path = `users/${grok.account(key).userId}/${grok.nextId('file')}/content`;
  const bytes = Buffer.from(value.content, 'base64');
  const { assetId } = grok.keep(key, { mimeType: value.fileMimeType, key: path, bytes, sourcePostId: undefined });
  const { fileName, fileMimeType } = value;
  await sendBody(exchange, JSON.stringify({ fileMetadataId: assetId, fileName, fileMimeType, fileUri: path }), fault);
};

/** GET /rest/assets, newest first. */
export const handleAssets: Handler = async (exchange, context) => {
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const query = queryOf(exchange);
  const pageSize = Number(query.get('pageSize') ?? 50);
  const start = Number(query.get('pageToken') ?? 0);
  const all = [...context.state.grok.account(exchange.record.key ?? '').assets.values()].toReversed();
  const assets = all
    .slice(start, start + pageSize)
    .map(({ bytes, ...asset }) => ({ ...asset, sizeBytes: bytes.length }));
  const isLast = start + pageSize >= all.length;
  await sendBody(
    exchange,
    JSON.stringify({ assets, ...(!isLast && { nextPageToken: String(start + pageSize) }) }),
    fault,
  );
};

/** DELETE /rest/assets-metadata/{assetId} */
export const handleDeleteAsset: Handler = async (exchange, context) => {
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const isThere = context.state.grok.account(exchange.record.key ?? '').assets.delete(exchange.parameters[0] ?? '');
  if (!isThere) throw new SimulatedFailure('invalid-request', { status: 404, message: 'Asset not found.' });
  await sendBody(exchange, '{}', fault);
};

/** A file of the account: nobody else's session opens it. */
export const handleDownload: Handler = async (exchange, context) => {
  const { answered } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const asset = context.state.grok.assetAt(exchange.record.key ?? '', exchange.path.replace('/grok/', ''));
  if (asset === undefined)
    return sendText(exchange.response, { status: 403, contentType: 'text/plain', text: 'Forbidden' });
  exchange.response.writeHead(200, { 'content-type': asset.mimeType, 'content-length': asset.bytes.length });
  exchange.response.end(asset.bytes);
};

function queryOf({ request }: Exchange): URLSearchParams {
  return new URL(request.url ?? '/', 'http://localhost').searchParams;
}
