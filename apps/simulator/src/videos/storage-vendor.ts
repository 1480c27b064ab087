import { sendText } from '../http/send-text.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler, Vendor } from '../vendor.js';
import { sendVideoFile } from './send-video-file.js';
import { videoFile } from './video-file.js';

const handleStored: Handler = async (exchange, { state }) => {
  state.journal.describe(exchange.record, { model: '', prompt: '', bodyBytes: 0 });
  if (exchange.request.headers.authorization !== undefined)
    throw new SimulatedFailure('invalid-request', {
      status: 400,
      message: 'A signed link and a key: only one is taken.',
    });
  const expiresAtMs = new URL(exchange.request.url ?? '/', 'http://localhost').searchParams.get('se');
  if (Number(expiresAtMs) < state.clock()) {
    const text =
      '<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code><Message>Signature not valid.</Message></Error>';
    return sendText(exchange.response, { status: 403, contentType: 'application/xml', text });
  }
  const video = state.videos.find(exchange.parameters[0] ?? '');
  const file = video && videoFile(video, 'video');
  if (video === undefined || file === undefined)
    throw new SimulatedFailure('invalid-request', { status: 404, message: 'No such file.' });
  await sendVideoFile(exchange, { file, video });
};

/** Where finished videos lie behind signed links, apart from the API, which takes no key. */
export const storageVendor: Vendor = {
  name: 'storage',
  prefix: '/storage',
  routes: [{ method: 'GET', path: '/storage/videos/:video', handle: handleStored }],
  keyOf: () => 'signed-link',
  renderFailure: ({ detail }) => JSON.stringify({ error: { message: detail.message } }),
};
