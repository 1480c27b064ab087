import type { ChatRequest } from '@sluice/contracts/chat';
import { unsupported } from './grok.error.js';

/** What a chat on the website cannot do is refused before anything is sent. Sampling is on the list of what is ignored. */
export function refuseUnknown(request: ChatRequest): void {
  const { choices = 1, logprobs, responseFormat, audioOutput, stop = [] } = request;
  if (choices > 1) throw unsupported('n', 'The website gives one answer.');
  if (logprobs !== undefined) throw unsupported('logprobs', 'The website tells no log probabilities.');
  if (audioOutput !== undefined) throw unsupported('audio', 'The website answers in text.');
  if (stop.length > 0) throw unsupported('stop', 'The website knows no stop sequences.');
  if (responseFormat !== undefined && responseFormat.type !== 'text')
    throw unsupported('response_format', 'The website answers in text.');
}
