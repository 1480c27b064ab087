import assert from 'node:assert/strict';
import type OpenAI from 'openai';
import { z } from 'zod';
import { httpCall } from '../harness/http-call.js';
import { unique } from '../harness/unique.js';
import { readSubmissions, VIDEO_MODEL } from './durable-videos.js';

const IMAGE_MODEL = 'sim-image';
/** How long a film takes where nobody says otherwise. */
const SHORT_MS = 500;

const deltaSchema = z.object({ content: z.string().nullish(), reasoning_content: z.string().nullish() });
const messageSchema = z.object({ content: z.string(), reasoning_content: z.string().nullish() });

/** What a client of the old systems has of an answer. */
export interface SeenAnswer {
  content: string;
  reasoning: string;
  finish: string | undefined;
}

export interface PlayedCall {
  model: string;
  /** Absent: as the operator set it. */
  progress?: 'reasoning' | 'content';
  isStreamed: boolean;
  fields?: object;
}

export function promptFor(words: string, videoMs = SHORT_MS): string {
  return `${unique(words)} [[sim:queueMs=0,videoMs=${videoMs}]]`;
}

/** One chat with the SDK, read to its end. */
export async function playChat(sdk: OpenAI, prompt: string, call: PlayedCall): Promise<SeenAnswer> {
  const { model, progress, isStreamed, fields } = call;
  const body = { model, messages: [{ role: 'user', content: prompt }], ...fields } as const;
  const headers = progress ? { 'x-sluice-progress': progress } : {};
  const completions = sdk.chat.completions;
  if (!isStreamed) {
    const { choices } = await completions.create({ ...body, messages: [...body.messages] }, { headers });
    const { content, reasoning_content: reasoning } = messageSchema.parse(choices[0]?.message);
    return { content, reasoning: reasoning ?? '', finish: choices[0]?.finish_reason };
  }
  const seen: SeenAnswer = { content: '', reasoning: '', finish: undefined };
  const stream = await completions.create({ ...body, messages: [...body.messages], stream: true }, { headers });
  for await (const { choices } of stream) {
    const delta = deltaSchema.parse(choices[0]?.delta ?? {});
    seen.content += delta.content ?? '';
    seen.reasoning += delta.reasoning_content ?? '';
    seen.finish = choices[0]?.finish_reason ?? seen.finish;
  }
  return seen;
}

const LINKS = {
  video: /<video src='([^']+)' controls><\/video>/,
  image: /!\[Generated Image\]\(([^)]+)\)/,
} as const;

/** The file that an answer links to, fetched as a browser would: without a key. */
export async function fetchLinked(content: string, kind: keyof typeof LINKS): Promise<string> {
  const [, link = ''] = LINKS[kind].exec(content) ?? [];
  assert.notEqual(link, '', `no ${kind} in: ${content}`);
  const { status, headers, text } = await httpCall({ url: link });
  assert.equal(status, 200);
  const mediaType = headers['content-type'] ?? '';
  assert.match(mediaType, new RegExp(`^${kind}/`));
  return `${mediaType}, ${text.length > 0 ? 'not empty' : 'empty'}`;
}

/** A film, seen getting on where it is asked for and nowhere else, made once. */
export async function videoThroughChat(
  { openai, simulator }: { openai: OpenAI; simulator: { url: string } },
  { videoMs, ...call }: Omit<PlayedCall, 'model'> & { videoMs?: number },
): Promise<string> {
  const prompt = promptFor('a film through chat', videoMs);
  const seen = await playChat(openai, prompt, { model: VIDEO_MODEL, ...call });
  assert.equal(seen.finish, 'stop');
  const told = call.progress === 'content' ? seen.content : seen.reasoning;
  assert.match(told, /\*\*Video Generation Progress\*\*: \d+%/);
  if (call.progress === 'content') assert.equal(seen.reasoning, '');
  else assert.doesNotMatch(seen.content, /Progress/);
  const file = await fetchLinked(seen.content, 'video');
  assert.equal((await readSubmissions(simulator.url, prompt)).get(prompt), 1);
  const percentages = new Set(told.match(/\d+%/g));
  return `${[...percentages].join(', ')}, then ${file}`;
}

export async function imageThroughChat(
  { openai }: { openai: OpenAI },
  call: Omit<PlayedCall, 'model'>,
): Promise<string> {
  const seen = await playChat(openai, unique('a picture through chat'), { model: IMAGE_MODEL, ...call });
  assert.equal(seen.finish, 'stop');
  const told = call.progress === 'content' ? seen.content : seen.reasoning;
  assert.match(told, /Generation in progress: \d+% completed/);
  return fetchLinked(seen.content, 'image');
}
