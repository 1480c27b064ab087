import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { toCamel } from './camel-case.js';

/** Google's `Schema`, a part of OpenAPI's with types in upper case, as JSON Schema. */
export function decodeSchema(schema: JsonObject): JsonObject {
  const decoded: JsonObject = {};
  let isNullable = false;
  for (const [name, value] of Object.entries(schema)) {
    const keyword = toCamel(name);
    if (value === undefined || value === null || keyword === 'propertyOrdering') continue;
    if (keyword === 'nullable') isNullable = value === true;
    else if (keyword === 'example') decoded['examples'] = [value];
    else decoded[keyword] = decodeKeyword(keyword, value);
  }
  return isNullable ? nullable(decoded) : decoded;
}

function decodeKeyword(keyword: string, value: Json): Json {
  if (keyword === 'type') return typeof value === 'string' ? value.toLowerCase() : value;
  if (keyword === 'properties' && isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, decodeAny(each ?? {})]));
  if (keyword === 'anyOf' && Array.isArray(value)) return value.map(decodeAny);
  if (keyword === 'items') return decodeAny(value);
  // 64-bit numbers are strings in Google's JSON.
  return COUNTS.has(keyword) && typeof value === 'string' ? Number(value) : value;
}

const COUNTS = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']);

function decodeAny(value: Json): Json {
  return isJsonObject(value) ? decodeSchema(value) : value;
}

function nullable(schema: JsonObject): JsonObject {
  const { type, enum: values } = schema;
  if (typeof type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  return { ...schema, type: [type, 'null'], ...(Array.isArray(values) && { enum: [...values, null] }) };
}
