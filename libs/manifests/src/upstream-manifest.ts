import type { CredentialUse } from '@sluice/contracts/credential';
import type { Dialect } from '@sluice/contracts/dialect';
import type { QueueClass } from '@sluice/contracts/jobs';
import type { z } from 'zod';

/** One way to hold an account of an upstream: a key, a session … */
export interface CredentialKind {
  /** Shape of what is sealed. */
  secret: z.ZodType;
  /** Used where a credential names none; null where each credential must. */
  defaultBaseUrl: string | null;
  /** Added where the operator gave a bare origin. */
  originPath: string;
  /** The field of the secret that a bare line of an import fills: lists of keys or cookies. */
  lineField?: string;
  /** Accounts held in this way have only those models that are listed for it, and what a credential names. */
  onlyListed?: true;
  /** A look at the account tells what is left of it: that is asked as soon as an account is there. */
  tellsQuotas?: true;
  /** What accounts of these plans are taken to have until they have been asked. */
  firstGuess?: Readonly<Record<string, QuotaGuess>>;
  /** What was made stays in the account, until it is removed there. */
  keepsWork?: true;
  /** It runs out, and the upstream can make a fresh one of it. */
  isSession?: true;
  care?: KindCare;
}

/** How accounts of a kind are treated where the operator says nothing. */
export interface KindCare {
  /** So much of what is left of one is not used. */
  quotaReserve?: number;
  /** So many errors in a row, and it rests. */
  errorLimit?: number;
  /** Its session is made fresh so long before its end. */
  refreshAheadMs?: number;
}

/** So many uses in so long, whatever they are. */
export interface QuotaGuess {
  count: number;
  perMs: number;
}

/** A credential as a foreign export names it; what is absent is the importer's to say. */
export interface ImportedCredential {
  kind: string;
  secret: Readonly<Record<string, unknown>>;
  baseUrl?: string;
  label?: string;
  models?: readonly string[];
  tags?: readonly string[];
  notes?: string;
  enabled?: boolean;
  limits?: Readonly<Record<string, number>>;
  settings?: Readonly<Record<string, unknown>>;
}

/** A key that a client has, and what it may use, as the export says it. */
export interface ImportedApiKey {
  key: string;
  name?: string;
  limits: Readonly<Record<string, number>>;
}

/** What an export holds beside credentials. */
export interface ImportedRest {
  /** Keys that its clients have. */
  apiKeys: readonly (string | ImportedApiKey)[];
  /** What its settings are here, by our names. */
  settings: Readonly<Record<string, unknown>>;
  /** Names of those that have no equal here. */
  left: readonly string[];
}

/** An export format of a system that is replaced. */
export interface ImportFormat {
  name: string;
  /** Lines `NAME=value` with these names, of which `*` ends some, are one of its documents. */
  variables?: readonly string[];
  /** What a document holds beside credentials; undefined where it is none of its own. */
  readRest?(value: unknown): ImportedRest | undefined;
  /** Accepts its documents and nothing else, and makes credentials of them. */
  schema: z.ZodType<readonly ImportedCredential[]>;
}

/** A model that an upstream is known to have. Names beyond these come from credentials, routes and the upstream's own list. */
export interface ManifestModel {
  id: string;
  uses: readonly CredentialUse[];
  /** Accounts held in one of these ways only. */
  kinds?: readonly string[];
  /** Accounts of these plans only, in the order in which they are tried; one without a plan counts as of the first. */
  plans?: readonly string[];
  /** What a use of it takes of a window; 1 when absent. */
  cost?: number;
}

/** Variables of the launcher's environment whose keys become credentials at the first start. */
export interface FirstKeys {
  kind: string;
  /** One key, or several separated by commas. */
  variable: string;
  /** The field of the kind's secret that takes a key. */
  secretField: string;
  baseUrlVariable?: string;
}

/** How the simulator is reached as this upstream. */
export interface DemoCredential {
  kind: string;
  /** Below the simulator's origin. */
  path: string;
  secret: Readonly<Record<string, string>>;
  models: readonly string[];
}

/** All that the rest of the system knows of an upstream; what it does lives in `libs/upstreams/<id>`. */
export interface UpstreamManifest {
  id: string;
  displayName: string;
  /** The process that serves it. */
  worker: string;
  queues: readonly QueueClass[];
  uses: readonly CredentialUse[];
  /** Dialects in which a body can be handed on as it is. */
  nativeDialects: readonly Dialect[];
  /** A picture that a request links to is put into it: it would not be fetched there. */
  fetchesNoPictures?: true;
  /** Takes what a request names and is too large to go along, with accounts of one kind, and keeps it for a while. */
  holdsFiles?: { kind: string; mostBytes: number };
  /** Wants back with a tool call what it gave with it, and clients drop that. */
  signsToolCalls?: true;
  kinds: Readonly<Record<string, CredentialKind>>;
  models: readonly ManifestModel[];
  /** Of models that no list names, though there are some that do; absent: there are no others then. */
  unlistedUses?: readonly CredentialUse[];
  /** Of accounts: those of a later one are kept for what no earlier one can serve. */
  plans?: readonly string[];
  firstKeys?: readonly FirstKeys[];
  importFormats?: readonly ImportFormat[];
  demo?: DemoCredential;
}
