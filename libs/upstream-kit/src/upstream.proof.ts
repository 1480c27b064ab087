/**
 * The upstream interface tried on the cases that bend it, by types alone: nothing here runs, it only has to compile.
 * What each case taught is in `docs/decisions/0003-upstream-interface.md`.
 */
import type { CharacterRequest } from '@sluice/contracts/character';
import type { ChatRequest, MediaSource } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { NativeBody } from '@sluice/contracts/generation';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { ImageRequest } from '@sluice/contracts/image';
import type { Operation } from '@sluice/contracts/operation';
import type { VideoRequest } from '@sluice/contracts/video';
import type { Job, JobStep, OperationStep, SubmitIntent, UpstreamFile } from './job.js';
import type { Upstream } from './upstream.js';
import type { AccountContext, UpstreamContext } from './upstream-context.js';
import type { UpstreamFiles } from './upstream-files.js';

/** Compiles only where the first type fits the second. */
type Fits<Actual extends Expected, Expected> = Actual;
type Session = { sso: string };
type Key = { apiKey: string };

/** 1. grok-web video: a post is made, unpaid; then the paid call itself streams its progress to the end. */
export type GrokWebVideo = Fits<
  {
    start(
      request: VideoRequest,
      context: UpstreamContext<Session>,
    ): AsyncGenerator<
      | { type: 'prepared'; facts: { postId: string } }
      | { type: 'accepted'; operation: { postId: string; videoId: string } }
      | { type: 'running'; operation: { postId: string; videoId: string }; progress: number }
      | { type: 'done'; operation: { postId: string; videoId: string }; files: UpstreamFile[] }
    >;
    // A worker that died in the middle left the operation behind: its video is looked for among the assets …
    poll(operations: readonly Operation[], context: AccountContext<Session>): Promise<OperationStep[]>;
    // … and one that died before is told by the post it had prepared.
    find(
      intent: SubmitIntent<{ prompt: string }> & { prepared?: { postId?: string } },
      context: UpstreamContext<Session>,
    ): Promise<Operation | undefined>;
  },
  Job<'video', Session>
>;

/** 2. sora-web image: one listing per account serves all its operations; a task that is gone counts its absences. */
export type SoraWebImage = Fits<
  {
    start(
      request: ImageRequest,
      context: UpstreamContext<Session>,
    ): AsyncGenerator<{ type: 'accepted'; operation: { taskId: string } }>;
    poll(
      operations: readonly Operation[],
      context: AccountContext<Session>,
    ): Promise<
      (
        | { type: 'running'; operation: { taskId: string; absences: number }; pollAfterMs: number }
        | Extract<OperationStep, { type: 'done' | 'failed' }>
      )[]
    >;
    find(intent: SubmitIntent<{ prompt: string }>, context: UpstreamContext<Session>): Promise<Operation | undefined>;
  },
  Job<'image', Session>
>;

/** 3. Veo: an operation per video and no listing, so no `find`; the file wants the key, in Google's own header. */
export type Veo = Fits<
  {
    start(
      request: VideoRequest,
      context: UpstreamContext<Key>,
    ): AsyncGenerator<{ type: 'accepted'; operation: { name: string } }>;
    poll(operations: readonly Operation[], context: AccountContext<Key>): Promise<OperationStep[]>;
    open(file: UpstreamFile, context: AccountContext<Key>): Promise<HttpResponse>;
  },
  Job<'video', Key>
>;

/**
 * 4. A Gemini file belongs to the project that took it: it is ours, and sent to the project whose account serves a request that
 * names it; the adapter sees only where it lies there.
 */
export type GeminiWithFiles = Upstream<Key> & { readonly files: UpstreamFiles<Key> };
export type NamedByOurId = Fits<Extract<MediaSource, { type: 'file' }>, { fileId: string }>;
export type PlacedAtItsProject = Fits<NonNullable<UpstreamContext<Key>['fileUris']>, ReadonlyMap<string, string>>;

/** 5. A Sora character: taken, looked at until it is ready, then named: the last stage is a write in `poll`. */
export type SoraCharacter = Fits<
  {
    start(request: CharacterRequest, context: UpstreamContext<Session>): AsyncGenerator<JobStep>;
    poll(
      operations: readonly Operation[],
      context: AccountContext<Session>,
    ): Promise<
      (
        | { type: 'running'; operation: { cameoId: string; stage: 'processing' | 'naming' } }
        | {
            type: 'done';
            operation: { cameoId: string };
            files: UpstreamFile[];
            facts: { characterId: string; username: string };
          }
      )[]
    >;
  },
  Job<'character', Session>
>;

/** 6. A native Gemini body: told by its dialect, started from, and never mistaken for another's. */
export type NativeStart<Body extends NativeBody> = (
  request: ChatRequest,
  context: UpstreamContext<Key> & { native: Body },
) => AsyncIterable<ChatPart>;
export type NativeIsOptional = Fits<
  NativeStart<NativeBody>,
  (request: ChatRequest, context: UpstreamContext<Key> & { native: NativeBody }) => AsyncIterable<ChatPart>
>;

/** 7. A background response: the same `chat`, run by a durable generation; only its log outlives the caller. */
export type BackgroundRun = Fits<
  NonNullable<Upstream<Key>['chat']>,
  (request: ChatRequest, context: UpstreamContext<Key>) => AsyncIterable<ChatPart>
>;

/** 8. A Responses item reference: an id of ours, which no upstream knows. It is replaced before the request is made. */
export type ItemReference = { type: 'item_reference'; id: string };
export type ResolveItems<Item extends { type: string }> = (
  items: readonly (Item | ItemReference)[],
  stored: ReadonlyMap<string, Item>,
) => Exclude<Item, ItemReference>[];
/** No form of content in a request can hold a reference, so an adapter cannot be handed one. */
export type NoReferenceInside = Fits<Extract<ChatRequest['messages'][number]['content'][number], ItemReference>, never>;

/** A capability is the presence of its method; all of them together are still one upstream. */
export type GrokWeb = Fits<
  Omit<Upstream<Session>, 'jobs'> & { readonly jobs: { readonly video: GrokWebVideo } },
  Upstream<Session>
>;
export type SoraWeb = Fits<
  Omit<Upstream<Session>, 'jobs' | 'chat' | 'embed'> & {
    readonly jobs: { readonly image: SoraWebImage; readonly character: SoraCharacter };
  },
  Upstream<Session>
>;
export type Gemini = Fits<Omit<Upstream<Key>, 'jobs'> & { readonly jobs: { readonly video: Veo } }, Upstream<Key>>;
