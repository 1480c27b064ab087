import type { CredentialUse, Lease } from '@sluice/contracts/credential';
import type { GenerationInput, InteractiveGeneration } from '@sluice/contracts/generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Part } from '@sluice/contracts/part';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { Target } from '@sluice/contracts/route';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { Clock } from '@sluice/contracts/clock';
import type { HttpPort } from '@sluice/contracts/http-port';
import { createAccountContext } from './account-context.js';
import { chatWithFiles } from './chat-with-files.js';
import type { FilePlacer } from './file-placer.js';

export const USE_OF_KIND = {
  chat: 'chat',
  embedding: 'embedding',
  speech: 'speech',
  transcription: 'transcription',
  moderation: 'moderation',
} as const satisfies Record<GenerationInput['kind'], CredentialUse>;

export interface AttemptOptions<Credential> {
  upstream: Upstream<Credential>;
  generation: InteractiveGeneration;
  input: GenerationInput;
  target: Target;
  lease: Lease;
  http: HttpPort;
  clock: Clock;
  signal: AbortSignal;
  readMedia(media: StoredMedia): AsyncIterable<Uint8Array>;
  placer?: FilePlacer | undefined;
}

/** One call of an upstream, as parts. Throws `GatewayError`. */
export function startAttempt<Credential>(options: AttemptOptions<Credential>): AsyncIterable<Part> {
  const { upstream, input, lease, placer } = options;
  const context = createContext(options);
  if (input.kind === 'chat' && input.files) {
    const { request, files: named } = input;
    return chatWithFiles({ upstream, placer, request, named, lease, context });
  }
  if (input.kind === 'chat' && upstream.chat) return upstream.chat(input.request, context);
  if (input.kind === 'embedding' && upstream.embed) return upstream.embed(input.request, context);
  if (input.kind === 'speech' && upstream.speak) return upstream.speak(input.request, context);
  if (input.kind === 'transcription' && upstream.transcribe) return upstream.transcribe(input.request, context);
  if (input.kind === 'moderation' && upstream.moderate) return upstream.moderate(input.request, context);
  throw new GatewayError('unsupported', `Upstream '${upstream.manifest.id}' has no ${input.kind}.`);
}

function createContext<Credential>(options: AttemptOptions<Credential>): UpstreamContext<Credential> {
  const { upstream, generation, input, target, readMedia } = options;
  const { native } = input;
  const context: UpstreamContext<Credential> = {
    model: target.model,
    isStreamed: generation.isStreamed,
    generationId: generation.id,
    readMedia,
    // Last: Node 20 takes a microsecond for each member that is added to a spread object.
    ...createAccountContext(options),
  };
  if (native && upstream.manifest.nativeDialects.includes(native.dialect)) context.native = native;
  return context;
}
