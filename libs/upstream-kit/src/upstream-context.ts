import type { ChatHabits } from '@sluice/contracts/chat-habits';
import type { Clock } from '@sluice/contracts/clock';
import type { NativeBody } from '@sluice/contracts/generation';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { StoredMedia } from '@sluice/contracts/stored-media';

/** What an adapter is given to act for an account: the account, ways out, and a signal that ends everything. */
export interface AccountContext<Credential> {
  credential: Credential;
  /** Identifies the account without revealing it: operations and files stay with it. */
  credentialId: string;
  /** One of the manifest's kinds. */
  kind: string;
  /** Without a trailing slash. */
  baseUrl: string;
  /** How this account's vendor departs from OpenAI's chat protocol, as far as the operator says. */
  chatHabits?: ChatHabits;
  http: HttpPort;
  clock: Clock;
  signal: AbortSignal;
}

/** An account at work on one generation. */
export interface UpstreamContext<Credential> extends AccountContext<Credential> {
  /** The target's model, not the client's name for it. */
  model: string;
  /** The client's own body, where it is in a dialect that the manifest calls native. Start from it: nothing is dropped. */
  native?: NativeBody;
  /** False when the whole answer is wanted at once: ask the upstream for it that way if it is cheaper. */
  isStreamed: boolean;
  /** The same for every attempt of one generation: for upstreams that take an idempotency key. */
  generationId: string;
  /** Where the files of ours lie at the upstream that the request names by these ids. */
  fileUris?: ReadonlyMap<string, string>;
  /** Reads a file that the request names from our media store, once per call. */
  readMedia(media: StoredMedia): AsyncIterable<Uint8Array>;
}
