import type { JsonObject } from './json.js';

/** An upstream's handle for long work. Opaque to all but its adapter, and kept in the generation's row. */
export type Operation = JsonObject;
