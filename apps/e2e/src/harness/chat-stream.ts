import { z } from 'zod';
import { openCall, readText } from './http-call.js';
import type { OpenedAnswer } from './http-call.js';
import { readFrames } from './read-frames.js';
import type { Frame } from './read-frames.js';

const errorSchema = z.object({
  message: z.string(),
  type: z.string(),
  param: z.string().nullable(),
  code: z.string().nullable(),
});

const usageSchema = z.looseObject({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() });

const chunkSchema = z.looseObject({
  id: z.string(),
  object: z.literal('chat.completion.chunk'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.looseObject({
      index: z.int(),
      delta: z.looseObject({ role: z.string().optional(), content: z.string().nullish() }),
      finish_reason: z.string().nullable(),
    }),
  ),
  usage: usageSchema.nullish(),
});
export type ChatChunk = z.infer<typeof chunkSchema>;

/** A streamed chat, read to its end. */
export interface ChatStream {
  status: number;
  headers: Record<string, string>;
  frames: Frame[];
  chunks: ChatChunk[];
  /** The first choice's. */
  text: string;
  error: z.infer<typeof errorSchema> | undefined;
  isDone: boolean;
  /** The body of an answer that is no stream. */
  refusal: string;
  headersAtMs: number;
}

export interface ChatCall {
  gateway: string;
  apiKey: string;
  body: object;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

export function openChat({ gateway, apiKey, body, headers, signal }: ChatCall): Promise<OpenedAnswer> {
  return openCall({
    url: `${gateway}/v1/chat/completions`,
    headers: { authorization: `Bearer ${apiKey}`, ...headers },
    body: { stream: true, ...body },
    ...(signal ? { signal } : {}),
  });
}

/** Streams a chat over a bare socket and checks the form of every frame; times count from the call. */
export async function streamChat(call: ChatCall): Promise<ChatStream> {
  const startedAt = performance.now();
  const { status, headers, body } = await openChat(call);
  const headersAtMs = performance.now() - startedAt;
  const frames: Frame[] = [];
  if (status === 200)
    for await (const frame of readFrames(body)) frames.push({ ...frame, atMs: frame.atMs - startedAt });
  const refusal = status === 200 ? '' : await readText(body);
  return { status, headers, headersAtMs, frames, refusal, ...readChat(frames) };
}

export function readChat(frames: readonly Frame[]): Pick<ChatStream, 'chunks' | 'text' | 'error' | 'isDone'> {
  const chunks: ChatChunk[] = [];
  let error: ChatStream['error'];
  let isDone = false;
  for (const { data } of frames) {
    if (data === undefined) continue;
    if (isDone) throw new Error(`a frame after [DONE]: ${data}`);
    const json: unknown = data === '[DONE]' ? undefined : JSON.parse(data);
    if (json === undefined) isDone = true;
    else if (typeof json === 'object' && json !== null && 'error' in json) error = errorSchema.parse(json.error);
    else chunks.push(chunkSchema.parse(json));
  }
  const texts = chunks.flatMap(({ choices }) =>
    choices.filter(({ index }) => index === 0).map(({ delta }) => delta.content ?? ''),
  );
  return { chunks, text: texts.join(''), error, isDone };
}
