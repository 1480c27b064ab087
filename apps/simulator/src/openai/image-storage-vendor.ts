import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler, Vendor } from '../vendor.js';

const handleStored: Handler = (exchange, { state }) => {
  state.journal.describe(exchange.record, { model: '', prompt: '', bodyBytes: 0 });
  const image = state.images.find(exchange.parameters[0] ?? '');
  if (image === undefined)
    throw new SimulatedFailure('invalid-request', { status: 403, message: 'This link is not valid any more.' });
  const { bytes, mediaType } = image;
  exchange.response.writeHead(200, { 'content-type': mediaType, 'content-length': bytes.length });
  exchange.response.end(bytes);
};

/** Where pictures lie for a while that were asked for as links. */
export const imageStorageVendor: Vendor = {
  name: 'image-storage',
  prefix: '/storage/images',
  routes: [{ method: 'GET', path: '/storage/images/:image', handle: handleStored }],
  keyOf: () => 'signed-link',
  renderFailure: ({ detail }) => JSON.stringify({ error: { message: detail.message } }),
};
