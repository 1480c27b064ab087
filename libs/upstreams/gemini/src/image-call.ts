import type { Usage } from '@sluice/contracts/chat-part';
import type { GatewayError } from '@sluice/contracts/gateway-error';

/** A picture as it came. */
export interface Picture {
  mediaType: string;
  bytes: Buffer;
  /** The prompt as the model understood it. */
  revisedPrompt?: string;
}

/** What one call made: it is paid for by itself. */
export interface CallResult {
  pictures: Picture[];
  /** Why there are fewer than were asked for. */
  filtered?: GatewayError;
  usage?: Usage;
}

export function readPicture(mediaType: string, base64: string): Picture {
  return { mediaType, bytes: Buffer.from(base64, 'base64') };
}
