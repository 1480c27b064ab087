import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';
import { sendVideoFile } from '../videos/send-video-file.js';
import { videoFile } from '../videos/video-file.js';

/** A finished video at its temporary address, which takes no key. */
export const handleVideoFile: Handler = async (exchange, { state }) => {
  state.journal.describe(exchange.record, { model: '', prompt: '', bodyBytes: 0 });
  if (exchange.request.headers.authorization !== undefined)
    throw new SimulatedFailure('invalid-request', { status: 400, message: 'This address takes no key.' });
  const video = state.videos.find(exchange.parameters[0] ?? '');
  const file = video && videoFile(video, 'video');
  if (video === undefined || file === undefined)
    throw new SimulatedFailure('unknown-path', { status: 404, message: 'No such file.' });
  await sendVideoFile(exchange, { file, video });
};
