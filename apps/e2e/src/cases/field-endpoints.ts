import type { SdkFamily } from './sdk-callers.js';
import type { BodyExample } from './wrong-fields.js';
import { chatExample, embeddingExample, pictureVideoExample, speechExample, videoExample } from './openai-examples.js';
import { responsesExample } from './responses-example.js';
import { embedContentExample, generateContentExample } from './google-examples.js';
import { countTokensExample, messagesExample } from './anthropic-examples.js';

/** Where a body goes. */
export interface FieldEndpoint {
  title: string;
  family: SdkFamily;
  path: (model: string) => string;
  upstream: 'openai' | 'sora';
  example: (model: string) => BodyExample;
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
  { title: 'messages', family: 'anthropic', path: () => '/v1/messages', upstream: 'openai', example: messagesExample },
  {
    title: 'count_tokens',
    family: 'anthropic',
    path: () => '/v1/messages/count_tokens',
    upstream: 'openai',
    example: countTokensExample,
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
