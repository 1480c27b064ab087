import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI, Modality, type Part } from '@google/genai';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { sharedSluice } from './harness/shared-sluice.js';

const { gateway, apiKey } = sharedSluice().run;
const openai = new OpenAI({ baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: gateway, apiKey, authToken: null, maxRetries: 0 });
const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway } });

const PAINTER = 'sim-gemini-3-pro-image';
const SPEAKER = 'sim-gemini-2.5-flash-tts';
const TALKER = 'sim-gemini-3.5-flash';
const PNG_MARK = '89504e470d0a1a0a';

const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];
const fromDataUrl = (url: string) => Buffer.from(url.split(',')[1] ?? '', 'base64');

interface Painted {
  content: string | null;
  images?: { image_url: { url: string }; signature?: string }[];
}

describe('pictures in a conversation', () => {
  const asked = { modalities: ['text', 'image'], image_config: { aspect_ratio: '16:9', image_size: '2K' } };

  async function paint(messages: OpenAI.ChatCompletionMessageParam[]): Promise<Painted> {
    const body = { model: PAINTER, messages, ...asked } as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming;
    const { choices } = await openai.chat.completions.create(body);
    return choices[0]?.message as Painted;
  }

  it('with the OpenAI SDK: come beside the text, in their shape, and can be changed in a next turn', async () => {
    const first = await paint([{ role: 'user', content: 'a cat' }]);
    const [picture] = first.images ?? [];
    expect(sizeOf(fromDataUrl(picture?.image_url.url ?? ''))).toEqual([2720, 1536]);
    const history = [
      { role: 'user', content: 'a cat' },
      { role: 'assistant', ...first },
      { role: 'user', content: 'make it red' },
    ] as OpenAI.ChatCompletionMessageParam[];
    expect((await paint(history)).images).toHaveLength(1);
    // A client that drops what it does not know drops the proof.
    const dropped = history.map((message) =>
      'images' in message ? { ...message, images: [{ image_url: picture?.image_url }] } : message,
    ) as OpenAI.ChatCompletionMessageParam[];
    expect((await paint(dropped)).images).toHaveLength(1);
  });

  it('with the other SDKs: each in the words of its dialect', async () => {
    const { content } = await anthropic.messages.create({
      model: PAINTER,
      max_tokens: 500,
      messages: [{ role: 'user', content: 'a cat' }],
    });
    const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    expect(text).toContain('![image](data:image/png;base64,');
    const { output } = await openai.responses.create({ model: PAINTER, input: 'a cat' });
    const call = output.find((item) => item.type === 'image_generation_call');
    expect(Buffer.from(call?.result ?? '', 'base64').toString('hex', 0, 8)).toBe(PNG_MARK);
  });

  it('natively: streamed and whole, with their signature', async () => {
    const config = { responseModalities: [Modality.IMAGE], imageConfig: { aspectRatio: '9:16' } };
    const parts: Part[] = [];
    for await (const event of await google.models.generateContentStream({ model: PAINTER, contents: 'a cat', config }))
      parts.push(...(event.candidates?.[0]?.content?.parts ?? []));
    const picture = parts.find(({ inlineData }) => inlineData);
    expect(sizeOf(Buffer.from(picture?.inlineData?.data ?? '', 'base64'))).toEqual([768, 1376]);
    expect(picture?.thoughtSignature).toBeTypeOf('string');
  });
});

describe('speech', () => {
  it.each([
    ['wav', 'RIFF', 'audio/wav'],
    ['mp3', undefined, 'audio/mpeg'],
    ['pcm', undefined, 'audio/pcm'],
  ] as const)('with the OpenAI SDK, as %s', async (format, mark, contentType) => {
    const response = await openai.audio.speech.create({
      model: SPEAKER,
      voice: 'alloy',
      input: 'Hello there, how are you?',
      response_format: format,
    });
    expect(response.headers.get('content-type')).toContain(contentType);
    const sound = Buffer.from(await response.arrayBuffer());
    if (mark !== undefined) expect(sound.toString('latin1', 0, 4)).toBe(mark);
    if (format === 'mp3') expect(sound.readUInt16BE(0) & 0xffe6).toBe(0xffe2);
    expect(sound.length).toBeGreaterThan(4_000);
  });

  it('natively, by two speakers', async () => {
    const voice = (voiceName: string) => ({ voiceConfig: { prebuiltVoiceConfig: { voiceName } } });
    const response = await google.models.generateContent({
      model: SPEAKER,
      contents: 'Joe: Hi. Jane: Hello.',
      config: {
        responseModalities: [Modality.AUDIO],
        speechConfig: {
          multiSpeakerVoiceConfig: {
            speakerVoiceConfigs: [
              { speaker: 'Joe', ...voice('Kore') },
              { speaker: 'Jane', ...voice('Puck') },
            ],
          },
        },
      },
    });
    expect(response.candidates?.[0]?.content?.parts?.[0]?.inlineData?.mimeType).toContain('rate=24000');
  });

  it('a format that cannot be had is refused, with the field', async () => {
    const refused = openai.audio.speech.create({ model: SPEAKER, voice: 'Kore', input: 'Hi', response_format: 'opus' });
    await expect(refused).rejects.toMatchObject({ status: 400, param: 'response_format' });
  });
});

describe('sound and films in', () => {
  it('with the OpenAI SDK: what is heard is written down', async () => {
    const file = new File([Buffer.concat([Buffer.from('ID3'), Buffer.alloc(500, 1)])], 'a.mp3', { type: 'audio/mpeg' });
    const { text } = await openai.audio.transcriptions.create({ model: TALKER, file });
    expect(text).toContain('audio/mpeg 503 bytes');
  });

  it('with the OpenAI SDK: they reach the model as what they are', async () => {
    const data = Buffer.alloc(3_000, 1).toString('base64');
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'input_audio', input_audio: { data, format: 'mp3' } },
      { type: 'video_url', video_url: { url: `data:video/mp4;base64,${data}` } },
      { type: 'file', file: { filename: 'report.pdf', file_data: data } },
    ] as OpenAI.ChatCompletionContentPart[];
    const { choices } = await openai.chat.completions.create({ model: TALKER, messages: [{ role: 'user', content }] });
    const said = choices[0]?.message.content ?? '';
    for (const line of ['audio/mpeg 3000 bytes', 'video/mp4 3000 bytes', 'application/pdf 3000 bytes'])
      expect(said).toContain(line);
  });
});

it('a picture by an address that may not be fetched is refused, with its field', async () => {
  const content = [{ type: 'image_url' as const, image_url: { url: 'http://127.0.0.1:9/a.png' } }];
  const refused = openai.chat.completions.create({ model: TALKER, messages: [{ role: 'user', content }] });
  await expect(refused).rejects.toMatchObject({ status: 400, param: 'messages[0].content[0].image_url.url' });
});

describe('pictures as jobs', () => {
  it.each([PAINTER, 'sim-imagen-4'])('with the OpenAI SDK: several of %s', async (model) => {
    const { data = [] } = await openai.images.generate({
      model,
      prompt: 'a cat',
      n: 2,
      size: '1792x1024',
      response_format: 'b64_json',
    });
    expect(data).toHaveLength(2);
    const [wide = 0, high = 1] = sizeOf(Buffer.from(data[0]?.b64_json ?? '', 'base64'));
    expect(wide / high).toBeGreaterThan(1.7);
  });

  it('with the OpenAI SDK: an edit of two pictures', async () => {
    const { data = [] } = await openai.images.generate({
      model: PAINTER,
      prompt: 'a cat',
      response_format: 'b64_json',
    });
    const picture = Buffer.from(data[0]?.b64_json ?? '', 'base64');
    const files = ['a.png', 'b.png'].map((name) => new File([picture], name, { type: 'image/png' }));
    const edited = await openai.images.edit({ model: PAINTER, prompt: 'put them together', image: files });
    expect(edited.data).toHaveLength(1);
  });

  it('what the model holds back is refused content, and not a failure of ours', async () => {
    const refused = openai.images.generate({ model: PAINTER, prompt: 'a cat [[sim:finish=IMAGE_SAFETY]]' });
    await expect(refused).rejects.toMatchObject({ status: 400 });
  });
});

it('what an answer was found in is cited in its place', async () => {
  const { choices } = await openai.chat.completions.create({
    model: TALKER,
    messages: [{ role: 'user', content: 'žluťoučký kůň' }],
    web_search_options: {},
  });
  const { content, annotations = [] } = choices[0]?.message ?? {};
  expect(annotations).toHaveLength(2);
  expect(annotations[0]?.url_citation).toMatchObject({
    start_index: 0,
    end_index: content?.length,
    title: 'example.com',
  });
});
