import { type DurableGeneration, isVideo } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { SoraNamesBind } from '@sluice/domain-settings/sora-names-bind';
import type { MediaWish } from '../media-chat/to-media-call.js';
import { boundName } from './bound-name.js';

const RATIOS = { landscape: '16:9', portrait: '9:16' } as const;

/** A remix is as long as what it is made from, and lies as that does: one of Sora's names that says other is refused. */
export function refuseReshaped(
  wish: MediaWish,
  { asked, before, binds }: { asked: string | undefined; before: DurableGeneration; binds: SoraNamesBind },
): void {
  const name = asked === undefined ? undefined : boundName(asked, binds);
  const isRemix = wish.kind === 'video' && wish.decoded.source?.relation === 'remix';
  if (!name || !isRemix || !isVideo(before)) return;
  const { durationSeconds, aspectRatio } = before.input.request;
  const isAsLong = [undefined, name.seconds].includes(durationSeconds) || name.seconds === undefined;
  const isAsTurned = !aspectRatio || !name.orientation || RATIOS[name.orientation] === aspectRatio;
  if (isAsLong && isAsTurned) return;
  const shape = [durationSeconds && `${durationSeconds} seconds`, aspectRatio].filter(Boolean).join(', ');
  const text = `Invalid 'model': a remix is as the video that it is made from (${shape}), and '${asked ?? ''}' says other.`;
  throw new GatewayError('invalid_request', text, { param: 'model', reason: 'invalid_value' });
}
