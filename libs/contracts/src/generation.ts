import { z } from 'zod';
import type { ChatRequest, Reasoning } from './chat.js';
import { dialectSchema } from './dialect.js';
import type { EmbedRequest } from './embedding.js';
import type { JsonObject } from './json.js';
import type { ModerationRequest } from './moderation.js';
import type { NamedFile } from './named-file.js';
import { targetSchema } from './route.js';
import type { SpeechRequest } from './speech.js';
import type { TranscriptionRequest } from './transcription.js';

export const generationKindSchema = z.enum(['chat', 'embedding', 'speech', 'transcription', 'moderation']);
export type GenerationKind = z.infer<typeof generationKindSchema>;

export const generationStatusSchema = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);
export type GenerationStatus = z.infer<typeof generationStatusSchema>;

/** A request body in the upstream's own dialect: an adapter that speaks it starts from this. */
export interface NativeBody {
  dialect: z.infer<typeof dialectSchema>;
  body: JsonObject;
  /** How the operator wants the target's model to think; what the body says of it is then the client's wish no more. */
  reasoning?: Reasoning;
}

/** What is to be made. */
export type GenerationInput =
  /** `files` are named in both by their ids. */
  | { kind: 'chat'; request: ChatRequest; native?: NativeBody; files?: readonly NamedFile[] }
  | { kind: 'embedding'; request: EmbedRequest; native?: NativeBody }
  | { kind: 'speech'; request: SpeechRequest; native?: NativeBody }
  | { kind: 'transcription'; request: TranscriptionRequest; native?: NativeBody }
  | { kind: 'moderation'; request: ModerationRequest; native?: NativeBody };

/** An input too large for a queue job: it lies in the media store, under this key, until the generation ends. */
export interface StoredInput {
  kind: 'stored';
  key: string;
}

/** Everything a worker needs to run an interactive generation; rides in the queue job. */
export const interactiveGenerationSchema = z.object({
  id: z.string(),
  kind: generationKindSchema,
  ownerKeyId: z.string(),
  dialect: dialectSchema,
  /** The model as the client wrote it. */
  model: z.string(),
  /** In order of preference; the runtime moves on where nothing was accepted. */
  targets: z.array(targetSchema).min(1),
  createdAtMs: z.int(),
  /** When an answer is no use any more. */
  deadlineAtMs: z.int(),
  /** Whether the parts are wanted as they come; else the worker may ask for the whole answer at once. */
  isStreamed: z.boolean(),
  requestId: z.string(),
  /** Trace context of the request, W3C `traceparent`. */
  traceparent: z.string().optional(),
  /** Nobody waits for it on a socket: whoever does goes first, in the queue and at the credentials. */
  isDeferred: z.literal(true).optional(),
  /** The gateway replica that tails it: parts are published to its channel. */
  replyTo: z.string(),
  input: z.custom<GenerationInput | StoredInput>((value) => typeof value === 'object' && value !== null),
});
export type InteractiveGeneration = z.infer<typeof interactiveGenerationSchema>;
