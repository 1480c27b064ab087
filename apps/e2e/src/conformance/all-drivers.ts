import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import AnthropicCurrent from 'anthropic-current';
import OpenAI from 'openai';
import OpenAICurrent from 'openai-current';
import type { RunFile } from '../harness/run-file.js';
import { anthropicMessagesDriver } from './anthropic-messages.driver.js';
import type { ChatDriver } from './chat-driver.js';
import { geminiGenerateDriver } from './gemini-generate.driver.js';
import { openaiChatDriver } from './openai-chat.driver.js';
import { openaiResponsesDriver } from './openai-responses.driver.js';

/** The official SDKs, current and the major before, each in front of every dialect that it speaks. */
export function allDrivers({ gateway, apiKey }: Pick<RunFile, 'gateway' | 'apiKey'>): ChatDriver[] {
  const forOpenai = { baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 };
  const forAnthropic = { baseURL: gateway, apiKey, authToken: null, maxRetries: 0 };
  const openai = new OpenAI(forOpenai);
  // The calls used here are the same in both majors; their classes only have private parts of their own.
  const openaiCurrent = new OpenAICurrent(forOpenai) as unknown as OpenAI;
  const anthropic = new Anthropic(forAnthropic);
  const anthropicCurrent = new AnthropicCurrent(forAnthropic) as unknown as Anthropic;
  const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway } });
  return [
    openaiChatDriver({ name: 'openai 6, chat', client: openai }),
    openaiChatDriver({ name: 'openai 7, chat', client: openaiCurrent }),
    openaiResponsesDriver({ name: 'openai 6, responses', client: openai, history: 'own' }),
    openaiResponsesDriver({ name: 'openai 7, responses', client: openaiCurrent, history: 'own' }),
    openaiResponsesDriver({ name: 'openai 7, responses in a chain', client: openaiCurrent, history: 'chained' }),
    anthropicMessagesDriver({ name: 'anthropic 0', client: anthropic }),
    anthropicMessagesDriver({ name: 'anthropic 1', client: anthropicCurrent }),
    geminiGenerateDriver({ name: 'google 2', client: google }),
  ];
}
