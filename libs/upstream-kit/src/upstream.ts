import type { AccountFacts } from '@sluice/contracts/account-facts';
import type { FoundCharacter } from '@sluice/contracts/character';
import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { EmbedPart, EmbedRequest } from '@sluice/contracts/embedding';
import type { Operation } from '@sluice/contracts/operation';
import type { ModerationPart, ModerationRequest } from '@sluice/contracts/moderation';
import type { SpeechPart, SpeechRequest } from '@sluice/contracts/speech';
import type { TranscriptionPart, TranscriptionRequest } from '@sluice/contracts/transcription';
import type { UpstreamManifest } from '@sluice/manifests/upstream-manifest';
import type { z } from 'zod';
import type { Job, JobKind } from './job.js';
import type { AccountContext, UpstreamContext } from './upstream-context.js';
import type { UpstreamFiles } from './upstream-files.js';

/** A model as its upstream lists it. */
export interface ModelInfo {
  id: string;
  createdAtSeconds?: number;
  ownedBy?: string;
}

/** What a look at an account found. */
export interface CredentialHealth {
  isUsable: boolean;
  /** Written for the operator. */
  reason?: string;
  plan?: string;
  quotas?: { name: string; remaining: number; resetAtMs?: number }[];
  account?: AccountFacts;
}

/** How far the clearing of an account has come. */
export interface AssetsCleared {
  deleted: number;
  failed: number;
}

/** The files that an account keeps at the upstream, where they are to be kept in order: accounts fill up. */
export interface AccountAssets<Credential> {
  count(context: AccountContext<Credential>): Promise<number>;
  /** Deletes all of them; tells how many so far, now and then and at the end. */
  clear(context: AccountContext<Credential>): AsyncIterable<AssetsCleared>;
}

/** Those who appear in an account's videos, once they are made; `jobs.character` makes them, and its `cancel` takes them away. */
export interface AccountCharacters<Credential> {
  share(operation: Operation, wish: { isPublic: boolean }, context: AccountContext<Credential>): Promise<void>;
  /** Who can be mentioned in a prompt, by the beginning of a name. */
  search(username: string, context: AccountContext<Credential>): Promise<FoundCharacter[]>;
}

/**
 * One who does the work. A method that is present is a capability; there are no flags beside it.
 * Methods throw only `GatewayError`; they never retry, sleep, choose credentials or log bodies:
 * that is the runtime's policy.
 */
export interface Upstream<Credential> {
  readonly manifest: UpstreamManifest;
  /** Reads the sealed secret of each kind that the manifest names. */
  readonly credential: z.ZodType<Credential>;
  /** Answers while the client waits. */
  chat?(request: ChatRequest, context: UpstreamContext<Credential>): AsyncIterable<ChatPart>;
  embed?(request: EmbedRequest, context: UpstreamContext<Credential>): AsyncIterable<EmbedPart>;
  speak?(request: SpeechRequest, context: UpstreamContext<Credential>): AsyncIterable<SpeechPart>;
  transcribe?(request: TranscriptionRequest, context: UpstreamContext<Credential>): AsyncIterable<TranscriptionPart>;
  moderate?(request: ModerationRequest, context: UpstreamContext<Credential>): AsyncIterable<ModerationPart>;
  /** Work that takes minutes and is paid. */
  readonly jobs?: { readonly [Kind in JobKind]?: Job<Kind, Credential> };
  models?(context: AccountContext<Credential>): Promise<ModelInfo[]>;
  readonly assets?: AccountAssets<Credential>;
  readonly characters?: AccountCharacters<Credential>;
  /** What requests name and do not carry; a request then finds it in `context.fileUris`. */
  readonly files?: UpstreamFiles<Credential>;
  /** An expiring session becomes a fresh one; the old one may be dead when this returns. */
  refresh?(context: AccountContext<Credential>): Promise<Credential>;
  /** When a session ends, where that can be read off it: it is refreshed ahead of that. */
  expiresAtMs?(credential: Credential): number | undefined;
  /** A cheap look: is it alive, what is its plan, what is left. */
  probe?(context: AccountContext<Credential>): Promise<CredentialHealth>;
}
