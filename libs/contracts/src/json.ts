/** Any value that survives `JSON.parse(JSON.stringify(value))`. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

/** A JSON object. `undefined` members are allowed and vanish when written. */
export interface JsonObject {
  [name: string]: Json | undefined;
}
