import type OpenAI from 'openai';
import { toFile } from 'openai';
import { chatBody } from '../../harness/sluice-client.js';

const ENDPOINT = '/v1/chat/completions';

/** A batch of that many small chats. */
export async function startBatch(openai: OpenAI, count: number): Promise<OpenAI.Batch> {
  const lines = Array.from({ length: count }, (_, number) =>
    JSON.stringify({ custom_id: `line-${number}`, method: 'POST', url: ENDPOINT, body: chatBody(`say ${number}`) }),
  );
  const file = await toFile(Buffer.from(lines.join('\n')), 'lines.jsonl');
  const { id } = await openai.files.create({ file, purpose: 'batch' });
  return openai.batches.create({ input_file_id: id, endpoint: ENDPOINT, completion_window: '24h' });
}
