/** A body that is right, and what an example alone cannot say of its fields. */
export interface BodyExample {
  body: Readonly<Record<string, unknown>>;
  /** Whatever is in them is the caller's own business. */
  opaque?: readonly string[];
  /** Objects and lists in whose place a text would do. */
  mayBeText?: readonly string[];
  required: readonly string[];
  /** Values outside of a range or a list, by field. */
  values: Readonly<Record<string, readonly unknown[]>>;
}

/** A body that is wrong in one field alone. */
export interface WrongBody {
  /** As an error names it: `messages[0].content`. */
  field: string;
  title: string;
  body: unknown;
}

type Path = readonly (string | number)[];

/** Every field in turn, nested ones too: of a wrong type, out of its range, missing. */
export function wrongBodies(example: BodyExample): WrongBody[] {
  const { body, required, values } = example;
  const wrong = [...walk(body, [], example)].flatMap(({ path, value }) =>
    wrongTypes(value, example.mayBeText?.includes(nameOf(path)) ?? false).map((other) => ({ path, other })),
  );
  const outside = Object.entries(values).flatMap(([name, others]) =>
    others.map((other) => ({ path: parse(name), other })),
  );
  const missing = required.flatMap((name) => [undefined, null].map((other) => ({ path: parse(name), other })));
  return [...wrong, ...outside, ...missing].map(({ path, other }) => ({
    field: nameOf(path),
    title: other === undefined ? `${nameOf(path)} is missing` : `${nameOf(path)} is ${JSON.stringify(other)}`,
    body: withValue(body, path, other),
  }));
}

function* walk(value: unknown, path: Path, example: BodyExample): Generator<{ path: Path; value: unknown }> {
  if (path.length > 0) yield { path, value };
  if (typeof value !== 'object' || value === null || example.opaque?.includes(nameOf(path))) return;
  for (const [key, inner] of Object.entries(value))
    yield* walk(inner, [...path, Array.isArray(value) ? Number(key) : key], example);
}

function wrongTypes(value: unknown, mayBeText: boolean): unknown[] {
  if (typeof value === 'number') return ['many', true, {}];
  if (typeof value === 'boolean') return ['maybe', 7, {}];
  if (typeof value === 'string' || mayBeText) return [7, true];
  return [7, true, 'text'];
}

function nameOf(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('');
}

function parse(name: string): Path {
  return [...name.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([key, index]) => (index === undefined ? key : Number(index)));
}

/** A copy with one value changed, or without it where it is undefined. */
function withValue(target: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy: Record<string | number, unknown> = Array.isArray(target)
    ? (Object.assign([], target) as never)
    : { ...(target as object) };
  const inner = withValue(copy[key], rest, value);
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}
