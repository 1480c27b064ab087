import { admit, type Admission } from '../faults/admit.js';
import { withoutMarkers } from '../faults/read-markers.js';
import type { Exchange } from '../http/exchange.js';
import type { HandlerContext } from '../vendor.js';
import type { VideoRecord } from './video-record.js';

/** As `admit`, about a video that is there: its prompt's markers were for its submission, standing rules still hold. */
export function admitKnown(
  exchange: Exchange,
  { context, video }: { context: HandlerContext; video: VideoRecord | undefined },
): Admission | Promise<Admission> {
  const prompt = withoutMarkers(video?.prompt ?? '');
  return admit(exchange, context, { model: video?.model ?? '', prompt });
}
