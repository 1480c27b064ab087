import { admit } from '../faults/admit.js';
import { renderedError } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import { sendEvents } from '../faults/send-events.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';
import { refuseMissingModel } from './models.js';
import { readForm } from './read-form.js';
import { countWords, splitWords } from './words.js';

/** POST /v1/audio/transcriptions and /v1/audio/translations: says what it was sent. */
export const handleTranscription: Handler = async (exchange, context) => {
  const { texts, file, bodyBytes } = await readForm(exchange);
  const one = (name: string): string => texts.get(name)?.at(-1) ?? '';
  const [model, prompt] = [one('model'), one('prompt')];
  const { answered, fault } = await admit(exchange, context, { model, prompt, bodyBytes });
  if (answered) return;
  if (model === '') throw missing('model');
  if (file === undefined) throw missing('file');
  refuseMissingModel(model);

  const language = exchange.path.endsWith('/translations') ? 'english' : one('language') || 'english';
  const text = `Simulated transcript of ${file.name}, ${file.bytes.length} bytes of ${file.type}, in ${language}.`;
  const tokens = countWords(text);
  const usage = {
    type: 'tokens',
    input_tokens: file.bytes.length,
    output_tokens: tokens,
    total_tokens: file.bytes.length + tokens,
  };
  if (one('stream') === 'true' && model !== 'whisper-1') {
    const errorEvent = () => renderedError(fault ?? {}, context.vendor);
    return sendEvents(exchange, { events: transcriptEvents(text, usage), errorEvent }, fault);
  }
  const format = one('response_format') || 'json';
  const body =
    format === 'json' ? { text, usage } : verbose({ text, language, format, granularities: granularities(texts) });
  return sendBody(exchange, JSON.stringify(body), fault);
};

function* transcriptEvents(text: string, usage: object): Generator<string> {
  for (const delta of splitWords(text)) yield JSON.stringify({ type: 'transcript.text.delta', delta });
  yield JSON.stringify({ type: 'transcript.text.done', text, usage });
}

function granularities(texts: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return texts.get('timestamp_granularities[]') ?? ['segment'];
}

const secondsPerWord = 0.5;
const wordsPerSegment = 4;

function verbose(source: {
  text: string;
  language: string;
  format: string;
  granularities: readonly string[];
}): Record<string, unknown> {
  const { text, language, format } = source;
  const words = splitWords(text);
  const heard = { tokens: [50_364], temperature: 0, avg_logprob: -0.2, compression_ratio: 1.2, no_speech_prob: 0.01 };
  const cuts = Array.from({ length: Math.ceil(words.length / wordsPerSegment) }, (_, index) => index * wordsPerSegment);
  const segments = cuts.map((cut, id) => {
    const own = words.slice(cut, cut + wordsPerSegment);
    const times = { start: cut * secondsPerWord, end: (cut + own.length) * secondsPerWord };
    const speaker = format === 'diarized_json' ? { speaker: id % 2 === 0 ? 'A' : 'B' } : {};
    return { id, seek: 0, ...times, text: own.join(''), ...heard, ...speaker };
  });
  const timed = words.map((word, index) => ({
    word: word.trim(),
    start: index * secondsPerWord,
    end: (index + 1) * secondsPerWord,
  }));
  return {
    task: 'transcribe',
    language,
    duration: words.length * secondsPerWord,
    text,
    ...(source.granularities.includes('segment') && { segments }),
    ...(source.granularities.includes('word') && { words: timed }),
    usage: { type: 'duration', seconds: Math.ceil(words.length * secondsPerWord) },
  };
}

function missing(parameter: string): SimulatedFailure {
  return new SimulatedFailure('invalid-request', {
    status: 400,
    message: `Missing required parameter: '${parameter}'.`,
    code: 'missing_required_parameter',
    parameter,
  });
}
