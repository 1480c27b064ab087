import { GatewayError } from './gateway-error.js';
import { UploadedFile } from './uploaded-file.js';

type Value = string | UploadedFile | Tree | Value[];
interface Tree {
  [name: string]: Value;
}

/**
 * A form as the JSON body that would say the same: `images[]` is a list, `input_reference[image_url]` a member,
 * `references[][name]` one of an object in a list, and a field that comes twice is a list as well. Members that are objects, those in `structured`, may be written as JSON.
 */
export function formBody(
  entries: Iterable<{ name: string; value: string | UploadedFile }>,
  structured: ReadonlySet<string>,
): Tree {
  const body: Tree = Object.create(null) as Tree;
  for (const { name, value } of entries) {
    const path = pathOf(name);
    place(body, path, readValue(path, value, structured), name);
  }
  return { ...body };
}

/** What decides which field it is: the part before the brackets. */
export function rootOf(name: string): string {
  return pathOf(name)[0] ?? '';
}

function pathOf(name: string): string[] {
  const [, root = name, rest = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name) ?? [];
  return [root, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, key = '']) => key)];
}

function readValue(path: readonly string[], value: string | UploadedFile, structured: ReadonlySet<string>): Value {
  const [root = ''] = path;
  if (value instanceof UploadedFile || !structured.has(root) || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    throw new GatewayError('invalid_request', `Invalid value for '${root}': it begins like JSON and is none.`, {
      param: root,
      reason: 'invalid_value',
    });
  }
}

function place(tree: Tree, path: readonly string[], value: Value, name: string): void {
  const [key = '', next, ...rest] = path;
  const found = Object.hasOwn(tree, key) ? tree[key] : undefined;
  if (next === undefined) tree[key] = found === undefined ? value : [found, value].flat();
  else if (next === '' && rest.length === 0) tree[key] = found === undefined ? [value] : [found, value].flat();
  else if (next === '') {
    const list = found === undefined ? [] : [found].flat();
    const last = list.at(-1);
    // A member that the last object has begins the next one.
    const isNext = last === undefined || !isTree(last) || Object.hasOwn(last, rest[0] ?? '');
    const inner = isNext ? (Object.create(null) as Tree) : last;
    place(inner, rest, value, name);
    tree[key] = isNext ? [...list, inner] : list;
  } else {
    const inner = found ?? (Object.create(null) as Tree);
    if (!isTree(inner)) throw mixed(name);
    place(inner, [next, ...rest], value, name);
    tree[key] = inner;
  }
}

function isTree(value: Value): value is Tree {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof UploadedFile);
}

function mixed(name: string): GatewayError {
  const text = `Invalid '${name}': the field is given in two ways.`;
  return new GatewayError('invalid_request', text, { param: name, reason: 'invalid_value' });
}
