import type { JsonSchema } from './description-faults.js';

const REFERENCE = '#/components/schemas/';

/**
 * OpenAPI's schemas in JSON Schema's words: `nullable` is OpenAPI's alone, and one of several is as good as exactly one,
 * since some alternatives of OpenAI's are so wide that they take in their neighbours. Where alternatives differ by their
 * `type`, the one that an answer means to be judges it alone: what is said of it then is of use.
 */
export function toJsonSchema(value: unknown, schemas: Readonly<Record<string, JsonSchema>>): unknown {
  if (Array.isArray(value)) return value.map((each) => toJsonSchema(each, schemas));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, each]) => [key, toJsonSchema(each, schemas)] as const);
  const { nullable, oneOf, anyOf, ...rest } = Object.fromEntries(members);
  const alternatives = (oneOf ?? anyOf) as JsonSchema[] | undefined;
  const schema = alternatives === undefined ? rest : { ...rest, ...union(alternatives, schemas) };
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

/** The values that a schema allows its `type` to have. */
export function typesOf({ properties }: JsonSchema): string[] {
  return (properties?.['type']?.enum ?? []).map(String);
}

function union(alternatives: readonly JsonSchema[], schemas: Readonly<Record<string, JsonSchema>>): object {
  const typed = alternatives.map((each) => ({ each, types: typesOf(schemas[nameOf(each)] ?? each) }));
  const untyped = typed.filter(({ types }) => types.length === 0).map(({ each }) => each);
  const types = [...new Set(typed.flatMap((member) => member.types))];
  if (types.length < 2) return { anyOf: alternatives };
  const cases = types.map((type) => ({
    if: { not: objectOfType([type]) },
    else: anyOf(typed.filter((member) => member.types.includes(type)).map(({ each }) => each)),
  }));
  const otherwise = untyped.length > 0 ? anyOf(untyped) : objectOfType(types);
  return { allOf: [...cases, { if: objectOfType(types), else: otherwise }] };
}

function objectOfType(types: readonly string[]): object {
  return { type: 'object', required: ['type'], properties: { type: { enum: types } } };
}

function anyOf(schemas: readonly JsonSchema[]): object {
  return schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas };
}

function nameOf({ $ref = '' }: JsonSchema): string {
  return $ref.slice(REFERENCE.length);
}
