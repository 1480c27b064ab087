import { ApiError, GoogleGenAI, Modality, type GenerateContentConfig, type Part } from '@google/genai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../start-simulator.js';

const PAINTER = 'sim-gemini-3-pro-image';
const SPEAKER = 'sim-gemini-2.5-flash-tts';
const TALKER = 'sim-gemini-3.5-flash';
let simulator: Simulator;
let client: GoogleGenAI;

beforeAll(async () => {
  simulator = await startSimulator();
  client = new GoogleGenAI({ apiKey: 'sim-key-media', httpOptions: { baseUrl: `${simulator.url}/gemini` } });
});
afterAll(() => simulator.close());
afterEach(() => fetch(`${simulator.url}/__control/reset`, { method: 'POST', body: '{}' }));

async function ask(contents: string | Part[], config: GenerateContentConfig = {}, model = PAINTER) {
  const response = await client.models.generateContent({ model, contents, config });
  const [candidate] = response.candidates ?? [];
  return { ...candidate, parts: candidate?.content?.parts ?? [], usage: response.usageMetadata };
}

async function refusal(run: Promise<unknown>): Promise<string> {
  const thrown: unknown = await run.catch((error: unknown) => error);
  if (thrown instanceof ApiError && thrown.status === 400) return thrown.message;
  throw new Error(`not refused: ${String(thrown)}`);
}

const bytesOf = (part: Part | undefined) => Buffer.from(part?.inlineData?.data ?? '', 'base64');
const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];
const pictureIn = (parts: Part[]) => parts.find(({ inlineData, thought }) => inlineData !== undefined && !thought);

describe('pictures', () => {
  it('come beside words, in the shape that was asked for, signed', async () => {
    const { parts, usage } = await ask('a cat', { imageConfig: { aspectRatio: '16:9', imageSize: '2K' } });
    const picture = pictureIn(parts);
    expect(sizeOf(bytesOf(picture))).toEqual([2720, 1536]);
    expect(picture?.thoughtSignature).toBeTypeOf('string');
    expect(parts.some(({ text }) => text?.includes('a cat'))).toBe(true);
    expect(usage?.candidatesTokensDetails).toContainEqual({ modality: 'IMAGE', tokenCount: 1290 });
  });

  it('stream whole in one event, sketches before them', async () => {
    const config = { responseModalities: [Modality.IMAGE], thinkingConfig: { includeThoughts: true } };
    const parts: Part[] = [];
    for await (const event of await client.models.generateContentStream({ model: PAINTER, contents: 'a cat', config }))
      parts.push(...(event.candidates?.[0]?.content?.parts ?? []));
    const pictures = parts.filter(({ inlineData }) => inlineData !== undefined);
    expect(pictures.map(({ thought = false }) => thought)).toEqual([true, false]);
    expect(parts.some(({ text, thought }) => text !== '' && text !== undefined && !thought)).toBe(false);
  });

  it('of earlier turns have to come back with their proof', async () => {
    const chat = client.chats.create({ model: PAINTER });
    await chat.sendMessage({ message: 'a cat' });
    expect((await chat.sendMessage({ message: 'make it red' })).candidates?.[0]?.finishReason).toBe('STOP');
    const history = chat.getHistory().map((content) => ({
      ...content,
      parts: content.parts?.map(({ thoughtSignature: _signature, ...part }) => part) ?? [],
    }));
    const unsigned = client.models.generateContent({ model: PAINTER, contents: history });
    expect(await refusal(unsigned)).toContain('missing a thought_signature');
  });

  it('may not come: held back, or words instead', async () => {
    const held = await ask('a cat [[sim:finish=IMAGE_SAFETY]]');
    expect([held.finishReason, held.parts]).toEqual(['IMAGE_SAFETY', []]);
    const words = await ask('a cat [[sim:no-picture]]');
    expect(pictureIn(words.parts)).toBeUndefined();
    expect(words.finishReason).toBe('STOP');
  });

  it.each<[string, GenerateContentConfig, string, string]>([
    ['a ratio that there is not', { imageConfig: { aspectRatio: '7:3' } }, PAINTER, 'aspect_ratio'],
    ['an extreme ratio of a model without it', { imageConfig: { aspectRatio: '1:8' } }, PAINTER, 'aspect_ratio'],
    ['a size of the first painters', { imageConfig: { imageSize: '2K' } }, 'sim-gemini-2.5-flash-image', 'image_size'],
    ['a shape of a model that only talks', { imageConfig: { aspectRatio: '1:1' } }, TALKER, 'Image generation'],
    ['a picture of a model that only talks', { responseModalities: [Modality.IMAGE] }, TALKER, 'response modalities'],
  ])('%s is refused', async (_, config, model, message) => {
    expect(await refusal(ask('a cat', config, model))).toContain(message);
  });
});

describe('speech', () => {
  const voice = (voiceName: string) => ({ voiceConfig: { prebuiltVoiceConfig: { voiceName } } });
  const config = { responseModalities: [Modality.AUDIO], speechConfig: voice('Kore') };

  it('is headerless sound at 24 kHz', async () => {
    const { parts, usage } = await ask('Hello there', config, SPEAKER);
    expect(parts[0]?.inlineData?.mimeType).toBe('audio/L16;codec=pcm;rate=24000');
    const samples = bytesOf(parts[0]);
    expect(samples.length).toBe(24_000);
    expect(new Set(Array.from({ length: 50 }, (_, index) => samples.readInt16LE(index * 2))).size).toBeGreaterThan(10);
    expect(usage?.candidatesTokensDetails?.[0]?.modality).toBe('AUDIO');
  });

  it('streams in pieces that make the same together', async () => {
    const pieces: Buffer[] = [];
    const stream = await client.models.generateContentStream({ model: SPEAKER, contents: 'Hello there', config });
    for await (const event of stream)
      for (const part of event.candidates?.[0]?.content?.parts ?? []) pieces.push(bytesOf(part));
    const { parts } = await ask('Hello there', config, SPEAKER);
    expect(Buffer.concat(pieces).equals(bytesOf(parts[0]))).toBe(true);
    expect(pieces.filter(({ length }) => length > 0).length).toBeGreaterThan(1);
  });

  it('of two speakers, and of a newer model as a file', async () => {
    const speakers = ['Joe', 'Jane'].map((speaker) => ({ speaker, ...voice('Puck') }));
    const two = { ...config, speechConfig: { multiSpeakerVoiceConfig: { speakerVoiceConfigs: speakers } } };
    expect((await ask('Joe: Hi. Jane: Hello.', two, SPEAKER)).finishReason).toBe('STOP');
    const { parts } = await ask('Hello', config, 'gemini-3.1-flash-tts-preview');
    expect(bytesOf(parts[0]).toString('latin1', 0, 4)).toBe('RIFF');
  });

  it.each<[string, GenerateContentConfig, string, string]>([
    ['no modality', {}, SPEAKER, 'response modalities (TEXT)'],
    ['a voice that there is not', { ...config, speechConfig: voice('Nobody') }, SPEAKER, 'Voice name Nobody'],
    ['an instruction', { ...config, systemInstruction: 'Be brief' }, SPEAKER, 'Developer instruction'],
    ['tools', { ...config, tools: [{ googleSearch: {} }] }, SPEAKER, 'Tool use'],
    ['a model that only talks', config, TALKER, 'response modalities (AUDIO)'],
  ])('%s is refused', async (_, asked, model, message) => {
    expect(await refusal(ask('Hello', asked, model))).toContain(message);
  });
});

it('what is heard and seen is counted by its kind', async () => {
  const second = Buffer.alloc(44 + 32_000);
  second.write('RIFF');
  second.writeUInt32LE(32_000, 28);
  const parts: Part[] = [
    { text: 'What is this?' },
    { inlineData: { mimeType: 'audio/wav', data: second.toString('base64') } },
    { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
    { fileData: { fileUri: 'https://www.youtube.com/watch?v=abc' } },
  ];
  const { usage } = await ask(parts, {}, TALKER);
  expect(usage?.promptTokensDetails).toEqual([
    { modality: 'TEXT', tokenCount: expect.any(Number) as number },
    { modality: 'AUDIO', tokenCount: 33 },
    { modality: 'IMAGE', tokenCount: 258 },
    { modality: 'VIDEO', tokenCount: 2630 },
  ]);
  const { totalTokens } = await client.models.countTokens({ model: TALKER, contents: parts });
  expect(totalTokens).toBeGreaterThan(2_900);
});

it('Vertex lists the same models in words of its own', async () => {
  const url = `${simulator.url}/gemini/v1beta1/publishers/google/models?pageSize=1000`;
  const response = await fetch(url, { headers: { 'x-goog-api-key': 'sim-key-media' } });
  const { publisherModels } = (await response.json()) as { publisherModels: { name: string }[] };
  expect(publisherModels.map(({ name }) => name)).toContain(`publishers/google/models/${PAINTER}`);
});

describe('Imagen', () => {
  async function predict(prompt: string, parameters: object, model = 'sim-imagen-4') {
    const response = await fetch(`${simulator.url}/gemini/v1beta/models/${model}:predict`, {
      method: 'POST',
      headers: { 'x-goog-api-key': 'sim-key-media' },
      body: JSON.stringify({ instances: [{ prompt }], parameters }),
    });
    const body = (await response.json()) as { predictions?: Record<string, unknown>[]; error?: { message: string } };
    return { status: response.status, ...body };
  }

  it('makes as many as were asked for, in their shape', async () => {
    const { predictions = [] } = await predict('a cat', {
      sampleCount: 2,
      aspectRatio: '9:16',
      includeSafetyAttributes: true,
    });
    const pictures = predictions.map(({ bytesBase64Encoded: data }) => data).filter((data) => typeof data === 'string');
    expect(pictures.map((data) => sizeOf(Buffer.from(data, 'base64')))).toEqual([
      [768, 1376],
      [768, 1376],
    ]);
    expect(predictions.at(-1)).toMatchObject({ contentType: 'Positive Prompt' });
  });

  it('holds back with a reason where one is asked for, else without a word', async () => {
    expect(
      (await predict('a cat [[sim:held-back=1]]', { sampleCount: 2, includeRaiReason: true })).predictions,
    ).toEqual([
      expect.objectContaining({ mimeType: 'image/png' }),
      { raiFilteredReason: expect.stringContaining('Support codes') as string },
    ]);
    expect(await predict('a cat [[sim:no-picture]]', {})).toEqual({ status: 200 });
  });

  it('refuses what it has not, and models that are no Imagen', async () => {
    expect((await predict('a cat', { aspectRatio: '3:2' })).status).toBe(400);
    expect((await predict('a cat', { sampleCount: 5 })).status).toBe(400);
    expect((await predict('a cat', { size: '1K' })).error?.message).toContain('Unknown name "size"');
    expect((await predict('a cat', {}, TALKER)).status).toBe(404);
  });
});
