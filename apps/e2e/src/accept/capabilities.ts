import type { Capability } from './capability.js';
import { pool } from './pool.js';
import { spine } from './spine.js';

/** In the order they were built. To add one: its file, and a name here. */
export const CAPABILITIES: readonly Capability[] = [spine, pool];
