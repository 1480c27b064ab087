import type { Transcript } from '@sluice/contracts/transcription';
import { decodeTranscription, type TranscriptionForm } from '@sluice/wire-openai-audio/decode-transcription';
import { encodeSrt, encodeText, encodeVtt } from '@sluice/wire-openai-audio/encode-subtitles';
import { encodeTranscript } from '@sluice/wire-openai-audio/encode-transcript';
import { createTranscriptEncoder } from '@sluice/wire-openai-audio/encode-transcript-stream';
import type { TranscriptionFormat } from '@sluice/wire-openai-audio/transcription-schema';
import type { BytesEncoder, DialectEndpoint } from '../generations/dialect-endpoint.js';

/** `POST /v1/audio/transcriptions` and `/translations`, of a form that has been read. */
export function transcriptionEndpoint(form: TranscriptionForm): DialectEndpoint {
  return (_body, { requestId }) => {
    const { request, format, isStreamed, ignored } = decodeTranscription(form);
    const bytes = isStreamed ? undefined : TEXTS[format];
    return {
      dialect: 'openai-audio',
      input: { kind: 'transcription', request },
      isStreamed,
      ignored,
      ...(bytes && { bytes }),
      openStream: () => createTranscriptEncoder({ requestId }),
      encodeWhole: (parts) => encodeTranscript(parts, request),
    };
  };
}

/** The formats that are no JSON. */
const TEXTS: Partial<Record<TranscriptionFormat, BytesEncoder>> = {
  text: textOf('text/plain', encodeText),
  srt: textOf('application/x-subrip', encodeSrt),
  vtt: textOf('text/vtt', encodeVtt),
};

function textOf(mediaType: string, encode: (transcript: Transcript) => string): BytesEncoder {
  return {
    contentType: () => `${mediaType}; charset=utf-8`,
    encode: (part) => (part.type === 'transcript' ? Buffer.from(encode(part.transcript)) : undefined),
  };
}
