const deepest = 8;

interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** A small value, always the same, that a JSON schema allows. The name shows up in its texts. */
export function sampleJson(schema: unknown, name: string): unknown {
  const root = toSchema(schema);
  return sample(root, name, { root, depth: 0 });
}

interface Place {
  readonly root: JsonSchema;
  readonly depth: number;
}

function sample(written: JsonSchema, name: string, place: Place): unknown {
  const schema = resolve(written, place.root);
  if ('const' in schema) return schema['const'];
  if ('default' in schema) return schema['default'];
  const choice = firstOf(schema['enum']);
  if (choice !== undefined) return choice;
  if (place.depth >= deepest) return null;
  const alternative = firstOf(schema['anyOf']) ?? firstOf(schema['oneOf']);
  if (alternative !== undefined) return sample(toSchema(alternative), name, deeper(place));
  if (Array.isArray(schema['allOf']))
    return Object.assign({}, ...schema['allOf'].map((part) => sample(toSchema(part), name, deeper(place))));
  return sampleOfType(schema, name, place);
}

function sampleOfType(schema: JsonSchema, name: string, place: Place): unknown {
  const type = firstOf(schema['type']) ?? schema['type'] ?? ('properties' in schema ? 'object' : 'string');
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(toSchema(schema['properties'])).map(([key, property]) => [
          key,
          sample(toSchema(property), key, deeper(place)),
        ]),
      );
    case 'array':
      return Array.from({ length: Math.max(1, numberOr(schema['minItems'], 1)) }, () =>
        sample(toSchema(schema['items']), name, deeper(place)),
      );
    case 'integer':
    case 'number':
      return numberOr(schema['minimum'], numberOr(schema['maximum'], 1));
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return `simulated ${name}`
        .padEnd(numberOr(schema['minLength'], 0), '.')
        .slice(0, numberOr(schema['maxLength'], 200));
  }
}

/** Follows references inside the same document. */
function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let current = schema;
  for (let hops = 0; hops < deepest && typeof current['$ref'] === 'string'; hops += 1) {
    const segments = current['$ref'].replace(/^#\/?/, '').split('/').filter(Boolean);
    current = segments.reduce((value, segment) => toSchema(value[segment]), root);
  }
  return current;
}

function deeper(place: Place): Place {
  return { root: place.root, depth: place.depth + 1 };
}

function toSchema(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
