import type { Capability } from './capability.js';
import { durable } from './durable.js';
import { gemini } from './gemini.js';
import { grok } from './grok.js';
import { media } from './media.js';
import { pool } from './pool.js';
import { sora } from './sora.js';
import { spine } from './spine.js';
import { text } from './text.js';

/** In the order they were built. To add one: its file, and a name here. */
export const CAPABILITIES: readonly Capability[] = [spine, pool, text, durable, media, gemini, grok, sora];
