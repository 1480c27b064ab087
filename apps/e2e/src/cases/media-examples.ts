import { toFile } from 'openai';
import type { SluiceClient } from '../harness/sluice-client.js';
import { PICTURE } from './openai-examples.js';
import type { BodyExample } from './wrong-fields.js';

const LOOK = {
  n: 2,
  size: '1024x1024',
  quality: 'low',
  background: 'opaque',
  output_format: 'png',
  output_compression: 90,
  response_format: 'b64_json',
  user: 'ann',
};
const LOOK_VALUES = {
  prompt: ['', 'x'.repeat(32_001)],
  n: [0, 11, 1.5],
  size: ['large', '0x0', '99999x1'],
  quality: ['enormous'],
  background: ['pink'],
  output_format: ['gif'],
  output_compression: [-1, 101, 1.5],
  response_format: ['film'],
};

export const imageExample = (model: string): BodyExample => ({
  body: {
    model,
    prompt: 'a cat',
    ...LOOK,
    style: 'vivid',
    moderation: 'auto',
    stream: false,
    metadata: { topic: 'cats' },
    safety_identifier: 'ann',
  },
  required: ['prompt'],
  values: {
    ...LOOK_VALUES,
    partial_images: [-1, 4, 'some'],
    moderation: ['none'],
    'metadata.topic': ['x'.repeat(513)],
  },
});

export const imageEditExample = (model: string): BodyExample => ({
  body: {
    model,
    prompt: 'as a dog',
    images: [{ image_url: PICTURE.url }],
    mask: { image_url: PICTURE.url },
    input_fidelity: 'high',
    ...LOOK,
  },
  mayBeText: ['images', 'images[0]', 'mask', 'images[0].image_url', 'mask.image_url'],
  required: ['prompt'],
  values: { ...LOOK_VALUES, input_fidelity: ['medium'], 'images[0]': [{}] },
});

/** Of a file that is there: what is wrong is told before anybody looks for it. */
export async function batchExample(model: string, { openai }: SluiceClient): Promise<BodyExample> {
  const url = '/v1/chat/completions';
  const line = { custom_id: 'a', method: 'POST', url, body: { model, messages: [{ role: 'user', content: 'hello' }] } };
  const file = await toFile(Buffer.from(JSON.stringify(line)), 'lines.jsonl');
  const { id } = await openai.files.create({ file, purpose: 'batch' });
  return {
    body: {
      input_file_id: id,
      endpoint: url,
      completion_window: '24h',
      metadata: { topic: 'cats' },
      output_expires_after: { anchor: 'created_at', seconds: 3_600 },
    },
    required: ['input_file_id', 'endpoint', 'completion_window', 'output_expires_after.seconds'],
    values: {
      input_file_id: [''],
      endpoint: ['/v1/nothing', '/v1/completions', '/v1/moderations'],
      completion_window: ['1h'],
      'metadata.topic': ['x'.repeat(513)],
      'output_expires_after.anchor': ['last_read_at'],
      'output_expires_after.seconds': [3_599, 2_592_001, 3_600.5],
    },
  };
}
