import assert from 'node:assert/strict';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';
import { openaiSdks } from './openai-sdks.js';

const SPEECH = { model: 'sim-speech', voice: 'alloy', input: 'Hello there' } as const;
const MODEL = 'sim-transcribe';
/** How a file of each format begins. */
const MAGIC = { mp3: 'fffb', wav: '52494646', flac: '664c6143' } as const;

/** The `openai` SDK's audio flows. */
export function audioChecks(client: SluiceClient): Check[] {
  return openaiSdks(client).flatMap(([name, sdk]) => [
    { title: `${name}: audio.speech in every format, wrong calls told by field`, prove: () => provedSpeech(sdk) },
    { title: `${name}: audio.transcriptions plain, timed and streamed; translations`, prove: () => provedWords(sdk) },
  ]);
}

async function provedSpeech(sdk: OpenAI): Promise<string> {
  const told: string[] = [];
  for (const [format, magic] of Object.entries(MAGIC)) {
    const answer = await sdk.audio.speech.create({ ...SPEECH, response_format: format as keyof typeof MAGIC });
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(bytes.subarray(0, magic.length / 2).toString('hex'), magic, format);
    told.push(`${bytes.length} bytes of ${format}`);
  }
  await assert.rejects(sdk.audio.speech.create({ ...SPEECH, speed: 99 }), { status: 400, param: 'speed' });
  const full = { ...SPEECH, input: 'x [[sim:status=429]]' };
  await assert.rejects(sdk.audio.speech.create(full), { status: 429 });
  return told.join(', ');
}

async function provedWords(sdk: OpenAI): Promise<string> {
  const { transcriptions, translations } = sdk.audio;
  const ask = async () => ({ model: MODEL, file: await sound() });
  const { text } = await transcriptions.create(await ask());
  assert.match(text, /^Simulated transcript of hello\.wav/);
  const granularities = { timestamp_granularities: ['word' as const, 'segment' as const] };
  const timed = await transcriptions.create({ ...(await ask()), response_format: 'verbose_json', ...granularities });
  assert.ok((timed.words?.length ?? 0) > 0 && (timed.segments?.length ?? 0) > 0);
  const subtitles = String(await transcriptions.create({ ...(await ask()), response_format: 'srt' }));
  assert.match(subtitles, /^1\n00:00:00,000 --> /);
  const told: string[] = [];
  for await (const event of await transcriptions.create({ ...(await ask()), stream: true })) told.push(event.type);
  assert.equal(told.at(-1), 'transcript.text.done');
  assert.match((await translations.create(await ask())).text, /in english\.$/);
  const noSound = await toFile(Buffer.from('not a sound at all'), 'a.wav', { type: 'audio/wav' });
  await assert.rejects(transcriptions.create({ model: MODEL, file: noSound }), { status: 400, param: 'file' });
  return `${timed.words?.length} words with their times, srt, ${told.length} events, English`;
}

/** Half a second of silence. */
function sound(): Promise<File> {
  const head = Buffer.from('UklGRqQfAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YYAfAAA=', 'base64');
  return toFile(Buffer.concat([head, Buffer.alloc(8_064)]), 'hello.wav', { type: 'audio/wav' });
}
