/** As much of a schema as is mended here. */
export interface JsonSchema {
  $ref?: string;
  type?: string;
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
}

interface DescriptionFault {
  schema: string;
  /** How the API itself is. */
  why: string;
  mend(schema: JsonSchema): void;
}

/** Sent by the API, skipped by its SDKs, and described nowhere. */
export const UNDESCRIBED_EVENTS: ReadonlySet<string> = new Set(['keepalive']);

const NULL: JsonSchema = { type: 'null' };
const ENDS = ['finalizing', 'completed', 'failed', 'expired', 'cancelling', 'cancelled'].map((end) => `${end}_at`);
const ABSENT_FROM_BATCHES = [
  'errors',
  'output_file_id',
  'error_file_id',
  'in_progress_at',
  'metadata',
  'model',
  ...ENDS,
];

/** Where the description is wrong about the API that it describes. */
export const DESCRIPTION_FAULTS: readonly DescriptionFault[] = [
  {
    schema: 'ModelResponseProperties',
    why: 'every response in the description’s own examples says "user": null where nobody was named',
    mend: (schema) => widen(schema, 'user', NULL),
  },
  {
    schema: 'Response',
    why: 'before its end a response has no usage: the description’s own examples say "usage": null',
    mend: ({ allOf = [] }) => widen(allOf.at(-1), 'usage', NULL),
  },
  {
    schema: 'Embedding',
    why: 'encoding_format base64 answers a text; it is what the SDK asks for',
    mend: (schema) => widen(schema, 'embedding', { type: 'string' }),
  },
  {
    schema: 'Batch',
    why: 'what a batch does not have yet is null in the description’s own examples',
    mend: (schema) => {
      for (const member of ABSENT_FROM_BATCHES) widen(schema, member, NULL);
    },
  },
];

/** Throws where a newer description has no such property: the fault is to be looked at again. */
function widen(schema: JsonSchema | undefined, property: string, also: JsonSchema): void {
  const found = schema?.properties?.[property];
  if (!schema?.properties || !found) throw new Error(`the description has no property ${property} any more`);
  schema.properties[property] = { anyOf: [found, also] };
}
