import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import fc from 'fast-check';

/** Any value, as `JSON.parse` makes it. */
export const anyJson: fc.Arbitrary<Json> = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);

/** What clients send in a place where something else is meant; small, since a wrong type is wrong at any size. */
const wrongJson: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, '', 'toString', 'constructor', '__proto__', 0, -1, 1.5, 1e308, true, [], {}, [null], [{}], { type: 'text' }),
  fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.parse(JSON.stringify(value)) as Json),
);

/** How one place of a body is spoilt; the place is found by walking down with the steps. */
interface Mutation {
  steps: number[];
  action: 'replace' | 'remove' | 'add' | 'repeat';
  name: string;
  value: Json;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  steps: fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 8 }),
  action: fc.constantFrom('replace', 'replace', 'remove', 'add', 'repeat'),
  name: fc.oneof(fc.constantFrom('type', 'role', 'content', 'a.b', '__proto__', 'constructor', 'text'), fc.string()),
  value: wrongJson,
});

/** One of the bodies, spoilt in one to three places; by chance some stay right. */
export function mutatedBody(bodies: readonly JsonObject[]): fc.Arbitrary<Json> {
  return fc.tuple(fc.constantFrom(...bodies), fc.array(mutation, { minLength: 1, maxLength: 3 })).map(([body, list]) => {
    const copy: Json = structuredClone(body);
    // What is put in is spoilt in its turn, and must not be shared.
    for (const each of list) mutate(copy, structuredClone(each));
    return copy;
  });
}

function mutate(root: Json, { steps, action, name, value }: Mutation): void {
  let container: Json = root;
  let key: string | number | undefined;
  for (const step of steps) {
    const next = key === undefined ? container : memberOf(container, key);
    if (typeof next !== 'object' || next === null) break;
    container = next;
    const keys = Array.isArray(container) ? [...container.keys()] : Object.keys(container);
    key = keys[step % keys.length];
    if (key === undefined) break;
  }
  if (action === 'add') add(container, name, value);
  else if (key !== undefined) change(container, { key, action, value });
}

function memberOf(container: Json, key: string | number): Json | undefined {
  return (container as Record<string | number, Json>)[key];
}

function add(container: Json, name: string, value: Json): void {
  if (Array.isArray(container)) container.push(value);
  else if (isJsonObject(container)) define(container, name, value);
}

function change(
  container: Json,
  { key, action, value }: { key: string | number; action: Mutation['action']; value: Json },
): void {
  if (Array.isArray(container) && typeof key === 'number') {
    if (action === 'remove') container.splice(key, 1);
    else container.splice(key, action === 'repeat' ? 0 : 1, action === 'repeat' ? (container[key] ?? null) : value);
  } else if (isJsonObject(container)) {
    if (action === 'remove') delete container[key];
    else if (action === 'replace') define(container, String(key), value);
  }
}

/** As `JSON.parse` does it: `__proto__` is a name like any other. */
function define(object: JsonObject, name: string, value: Json): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
