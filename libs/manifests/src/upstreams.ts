import { geminiManifest } from './gemini.js';
import { grokManifest } from './grok.js';
import { openaiManifest } from './openai.js';
import { soraManifest } from './sora.js';
import type { UpstreamManifest } from './upstream-manifest.js';

/** THE list of upstreams. To add one: its manifest, a line here, and the files of `libs/upstreams/<id>`. */
export const UPSTREAMS: readonly UpstreamManifest[] = [openaiManifest, geminiManifest, grokManifest, soraManifest];

/** Undefined for a name that is no upstream's. */
export function findUpstream(id: string): UpstreamManifest | undefined {
  return UPSTREAMS.find((upstream) => upstream.id === id);
}
