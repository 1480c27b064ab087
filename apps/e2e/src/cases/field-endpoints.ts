import type { SluiceClient } from '../harness/sluice-client.js';
import type { SdkFamily } from './sdk-callers.js';
import type { BodyExample } from './wrong-fields.js';
import { chatExample, embeddingExample, pictureVideoExample, speechExample, videoExample } from './openai-examples.js';
import { batchExample, imageEditExample, imageExample } from './media-examples.js';
import { responsesExample } from './responses-example.js';
import { embedContentExample, generateContentExample } from './google-examples.js';
import { countTokensExample, messagesExample } from './anthropic-examples.js';

/** Where a body goes. */
export interface FieldEndpoint {
  title: string;
  family: SdkFamily;
  path: (model: string) => string;
  upstream: 'openai' | 'sora';
  example: (model: string, client: SluiceClient) => BodyExample | Promise<BodyExample>;
  /** No upstream hears even of the right body, or not while it is waited for. */
  isAnsweredHere?: true;
}

export const FIELD_ENDPOINTS: readonly FieldEndpoint[] = [
  { title: 'chat', family: 'openai', path: () => '/chat/completions', upstream: 'openai', example: chatExample },
  { title: 'responses', family: 'openai', path: () => '/responses', upstream: 'openai', example: responsesExample },
  { title: 'embeddings', family: 'openai', path: () => '/embeddings', upstream: 'openai', example: embeddingExample },
  { title: 'speech', family: 'openai', path: () => '/audio/speech', upstream: 'openai', example: speechExample },
  { title: 'videos', family: 'openai', path: () => '/videos', upstream: 'sora', example: videoExample },
  {
    title: 'videos from a picture',
    family: 'openai',
    path: () => '/videos',
    upstream: 'sora',
    example: pictureVideoExample,
  },
  { title: 'images', family: 'openai', path: () => '/images/generations', upstream: 'openai', example: imageExample },
  {
    title: 'images from pictures',
    family: 'openai',
    path: () => '/images/edits',
    upstream: 'openai',
    example: imageEditExample,
  },
  {
    title: 'batches',
    family: 'openai',
    path: () => '/batches',
    upstream: 'openai',
    example: batchExample,
    isAnsweredHere: true,
  },
  { title: 'messages', family: 'anthropic', path: () => '/v1/messages', upstream: 'openai', example: messagesExample },
  {
    title: 'count_tokens',
    family: 'anthropic',
    path: () => '/v1/messages/count_tokens',
    upstream: 'openai',
    example: countTokensExample,
    isAnsweredHere: true,
  },
  {
    title: 'generateContent',
    family: 'google',
    path: (model) => `models/${model}:generateContent`,
    upstream: 'openai',
    example: generateContentExample,
  },
  {
    title: 'embedContent',
    family: 'google',
    path: (model) => `models/${model}:embedContent`,
    upstream: 'openai',
    example: embedContentExample,
  },
];
