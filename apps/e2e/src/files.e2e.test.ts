import OpenAI, { toFile } from 'openai';
import OpenAICurrent from 'openai-current';
import { describe, expect, it } from 'vitest';
import { eventually } from './harness/eventually.js';
import { sharedSluice } from './harness/shared-sluice.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;
const MODEL = 'sim-chat';

const options = { baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 };
const SDKS: [string, OpenAI][] = [
  ['the SDK before', new OpenAI(options)],
  ['the current SDK', new OpenAICurrent(options) as unknown as OpenAI],
];

function png(): Buffer {
  const bytes = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d494844520000000200000002', 'hex').copy(bytes);
  return bytes;
}

/** Larger than what rides in a job. */
const PDF = Buffer.alloc(400_000, '%PDF-1.4\nnothing more\n');
const picture = () => toFile(png(), 'picture.png', { type: 'image/png' });

describe.each(SDKS)('with %s', (_name, sdk) => {
  it('a file is kept, listed, read and deleted', async () => {
    const created = await sdk.files.create({
      file: await toFile(Buffer.from('{"custom_id":"a"}\n'), 'größe.jsonl'),
      purpose: 'batch',
      expires_after: { anchor: 'created_at', seconds: 3_600 },
    });
    expect(created).toMatchObject({
      object: 'file',
      bytes: 18,
      filename: 'größe.jsonl',
      purpose: 'batch',
      status: 'processed',
      expires_at: created.created_at + 3_600,
    });
    expect(await sdk.files.retrieve(created.id)).toMatchObject({ id: created.id });
    expect(await (await sdk.files.content(created.id)).text()).toBe('{"custom_id":"a"}\n');
    const listed: string[] = [];
    for await (const { id } of sdk.files.list({ limit: 1, purpose: 'batch' })) {
      listed.push(id);
      if (id === created.id) break;
    }
    expect(listed).toContain(created.id);
    expect(await sdk.files.delete(created.id)).toEqual({ id: created.id, object: 'file', deleted: true });
    await expect(sdk.files.retrieve(created.id)).rejects.toBeInstanceOf(
      sdk instanceof OpenAICurrent ? OpenAICurrent.NotFoundError : OpenAI.NotFoundError,
    );
  });

  it('a chat and a response read a file by its id', async () => {
    const { id } = await sdk.files.create({ file: await toFile(PDF, 'a.pdf'), purpose: 'user_data' });
    const chat = await sdk.chat.completions.create({
      model: MODEL,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'read it' },
            { type: 'file', file: { file_id: id } },
          ],
        },
      ],
    });
    expect(chat.choices[0]?.message.content).toContain(`[file a.pdf application/pdf ${PDF.byteLength} bytes]`);
    const response = await sdk.responses.create({
      model: MODEL,
      input: [{ role: 'user', content: [{ type: 'input_file', file_id: id }] }],
    });
    expect(response.output_text).toContain(`[file a.pdf application/pdf ${PDF.byteLength} bytes]`);
    const { id: pictureId } = await sdk.files.create({ file: await picture(), purpose: 'vision' });
    const seen = await sdk.responses.create({
      model: MODEL,
      input: [{ role: 'user', content: [{ type: 'input_image', file_id: pictureId, detail: 'auto' }] }],
    });
    expect(seen.output_text).toContain('[image image/png 64 bytes]');
  });

  it('a video begins with a file', async () => {
    const { id } = await sdk.files.create({ file: await picture(), purpose: 'vision' });
    const created = await sdk.videos.create({
      model: 'sim-video' as never,
      prompt: 'as here [[sim:queueMs=0,videoMs=100]]',
      input_reference: { file_id: id } as never,
    });
    await sdk.files.delete(id);
    const ended = await eventually(
      'the video ends',
      async () => {
        const { status } = await sdk.videos.retrieve(created.id);
        return ['completed', 'failed'].includes(status) && status;
      },
      { withinMs: 25_000, everyMs: 200 },
    );
    expect(ended).toBe('completed');
  });
});

describe('files', () => {
  it('of another are not there, in no dialect', async () => {
    const { key } = await sluice.admin.createKey('another');
    const other = new OpenAI({ ...options, apiKey: key });
    const { id } = await other.files.create({ file: await toFile(PDF, 'a.pdf'), purpose: 'user_data' });
    const [, sdk] = SDKS[0] ?? [];
    await expect(sdk?.files.content(id)).rejects.toMatchObject({ status: 404 });
    const content = [{ type: 'file' as const, file: { file_id: id } }];
    await expect(
      sdk?.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content }] }),
    ).rejects.toMatchObject({ status: 404, param: 'messages[0].content[0].file.file_id' });
  });

  it('park a picture, which a chat then shows by its link', async () => {
    const form = new FormData();
    form.append('file', new Blob([png()], { type: 'image/png' }), 'a.png');
    const headers = { authorization: `Bearer ${apiKey}` };
    const answer = await fetch(`${gateway}/v1/uploads/image`, { method: 'POST', headers, body: form });
    const { url } = (await answer.json()) as { url: string };
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(png());
    const content = [{ type: 'image_url' as const, image_url: { url } }];
    const chat = await sluice.openai.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content }] });
    expect(chat.choices[0]?.message.content).toContain('[image image/png 64 bytes]');
  });
});
