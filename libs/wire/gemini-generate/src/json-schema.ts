import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** The keywords that Gemini takes in `responseJsonSchema`; it refuses the rest. */
const ALLOWED = new Set([
  '$id',
  '$defs',
  '$ref',
  '$anchor',
  'type',
  'format',
  'title',
  'description',
  'enum',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'anyOf',
  'oneOf',
  'properties',
  'additionalProperties',
  'required',
  'propertyOrdering',
]);

/** The schema by allow-list: a keyword that means something which another can say becomes that one. */
export function reduceSchema(schema: JsonObject): JsonObject {
  const reduced: JsonObject = {};
  for (const [keyword, value] of Object.entries(withEquivalents(schema))) {
    if (value !== undefined && ALLOWED.has(keyword)) reduced[keyword] = reduceKeyword(keyword, value);
  }
  // An array whose items nobody described is refused.
  if (reduced['type'] === 'array' && reduced['items'] === undefined && reduced['prefixItems'] === undefined)
    reduced['items'] = {};
  return reduced;
}

function withEquivalents(schema: JsonObject): JsonObject {
  const { const: only, definitions, allOf, ...rest } = schema;
  return {
    ...(Array.isArray(allOf) && mergeAll(allOf)),
    ...(isJsonObject(definitions) && { $defs: definitions }),
    ...(only !== undefined && { enum: [only] }),
    ...rest,
  };
}

/** All must hold: their members together. */
function mergeAll(schemas: readonly Json[]): JsonObject {
  const merged: JsonObject = {};
  for (const each of schemas.filter(isJsonObject).map(withEquivalents)) {
    for (const [keyword, value] of Object.entries(each)) {
      const known = merged[keyword];
      if (isJsonObject(known) && isJsonObject(value)) merged[keyword] = { ...known, ...value };
      else if (Array.isArray(known) && Array.isArray(value)) merged[keyword] = [...known, ...value];
      else merged[keyword] = value;
    }
  }
  return merged;
}

function reduceKeyword(keyword: string, value: Json): Json {
  if (keyword === '$ref' && typeof value === 'string') return value.replace(/^#\/definitions\//, '#/$defs/');
  if ((keyword === 'properties' || keyword === '$defs') && isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, reduceAny(each ?? {})]));
  }
  if (keyword === 'enum' || keyword === 'required' || keyword === 'propertyOrdering' || keyword === 'type')
    return value;
  return Array.isArray(value) ? value.map(reduceAny) : reduceAny(value);
}

function reduceAny(value: Json): Json {
  return isJsonObject(value) ? reduceSchema(value) : value;
}
