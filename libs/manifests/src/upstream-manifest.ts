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
  /** It runs out, and the upstream can make a fresh one of it. */
  isSession?: true;
}

/** A credential as a foreign export names it; what is absent is the importer's to say. */
export interface ImportedCredential {
  kind: string;
  secret: Readonly<Record<string, unknown>>;
  baseUrl?: string;
  label?: string;
  models?: readonly string[];
}

/** An export format of a system that is replaced. */
export interface ImportFormat {
  name: string;
  /** Accepts its documents and nothing else, and makes credentials of them. */
  schema: z.ZodType<readonly ImportedCredential[]>;
}

/** A model that an upstream is known to have. Names beyond these come from credentials, routes and the upstream's own list. */
export interface ManifestModel {
  id: string;
  uses: readonly CredentialUse[];
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
  /** Wants back with a tool call what it gave with it, and clients drop that. */
  signsToolCalls?: true;
  kinds: Readonly<Record<string, CredentialKind>>;
  models: readonly ManifestModel[];
  firstKeys?: readonly FirstKeys[];
  importFormats?: readonly ImportFormat[];
  demo?: DemoCredential;
}
