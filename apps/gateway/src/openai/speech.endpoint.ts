import type { Part } from '@sluice/contracts/part';
import type { SpeechFormat } from '@sluice/contracts/speech';
import { decodeSpeech } from '@sluice/wire-openai-audio/decode-speech';
import { createSpeechEncoder } from '@sluice/wire-openai-audio/encode-speech-stream';
import { SPEECH_MEDIA_TYPES } from '@sluice/wire-openai-audio/speech-media-type';
import type { BytesEncoder, DialectEndpoint } from '../generations/dialect-endpoint.js';
import { neverWhole } from './never.js';

/** `POST /v1/audio/speech`: the sound itself, or events that carry it. Either way it is sent on as it comes. */
export const speechEndpoint: DialectEndpoint = (body, { requestId }) => {
  const { request, isEvents, ignored, native } = decodeSpeech(body);
  return {
    dialect: 'openai-audio',
    input: { kind: 'speech', request, native: { dialect: 'openai-audio', body: native } },
    isStreamed: true,
    ignored,
    ...(!isEvents && { bytes: soundOf(request.format) }),
    openStream: () => createSpeechEncoder({ requestId }),
    encodeWhole: neverWhole,
  };
};

function soundOf(format: SpeechFormat): BytesEncoder {
  return {
    contentType: (parts) => parts.map(mediaTypeOf).find(isSound) ?? SPEECH_MEDIA_TYPES[format],
    encode: (part) => (part.type === 'speech-delta' ? Buffer.from(part.base64, 'base64') : undefined),
  };
}

function mediaTypeOf(part: Part): string | undefined {
  return part.type === 'start' && 'mediaType' in part ? part.mediaType : undefined;
}

/** An upstream that says nothing of what it sends, or only that it is bytes, sends what was asked for. */
function isSound(mediaType: string | undefined): boolean {
  return mediaType?.startsWith('audio/') ?? false;
}
