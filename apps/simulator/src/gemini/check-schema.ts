import { invalidArgument } from './refuse.js';

const TYPES = new Set(['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL', 'TYPE_UNSPECIFIED']);

/** The subset of JSON Schema that a reply can be held to. */
const KEYWORDS = new Set(
  (
    '$id $defs $ref $anchor type format title description enum items prefixItems minItems maxItems minimum maximum ' +
    'anyOf oneOf properties additionalProperties required propertyOrdering'
  ).split(' '),
);

type Schema = Readonly<Record<string, unknown>>;

/** A schema of Google's own kind: its names were checked already. */
export function checkSchema(schema: Schema, place: string): void {
  const written = typeof schema['type'] === 'string' ? schema['type'] : undefined;
  const type = written?.toUpperCase();
  if (type !== undefined && !TYPES.has(type))
    throw invalidArgument(
      `Invalid value at '${place}.type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), "${written}"`,
      `${place}.type`,
    );
  if (type === 'ARRAY' && schema['items'] === undefined) throw broken(`${place}.items`, 'missing field.');
  if (Array.isArray(schema['enum']) && type !== undefined && type !== 'STRING' && type !== 'INTEGER')
    throw broken(`${place}.enum`, 'only allowed for STRING type');
  for (const [name, property] of Object.entries(toSchema(schema['properties'])))
    checkSchema(toSchema(property), `${place}.properties[${name}]`);
  if (schema['items'] !== undefined) checkSchema(toSchema(schema['items']), `${place}.items`);
  if (Array.isArray(schema['anyOf']))
    schema['anyOf'].forEach((one, index) => checkSchema(toSchema(one), `${place}.any_of[${index}]`));
}

/** JSON Schema proper, of which a reply's may use only some words. */
export function checkJsonSchema(schema: unknown, place: string): void {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
  const known = toSchema(schema);
  const unknown = Object.keys(known).find((keyword) => !KEYWORDS.has(keyword));
  if (unknown !== undefined) throw broken(place, `unsupported JSON schema keyword "${unknown}".`);
  for (const group of ['properties', '$defs'])
    for (const [name, one] of Object.entries(toSchema(known[group])))
      checkJsonSchema(one, `${place}.${group}[${name}]`);
  for (const group of ['anyOf', 'oneOf', 'prefixItems'])
    if (Array.isArray(known[group]))
      known[group].forEach((one, index) => checkJsonSchema(one, `${place}.${group}[${index}]`));
  checkJsonSchema(known['items'], `${place}.items`);
}

function toSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function broken(place: string, problem: string) {
  return invalidArgument(`* GenerateContentRequest.${place}: ${problem}\n`, place);
}
