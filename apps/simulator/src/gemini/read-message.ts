import { MESSAGES } from './message-fields.js';
import { invalidArgument } from './refuse.js';

/**
 * One spelling of a body: names in camel case, repeated fields as lists, nulls left out. A name that the API does not
 * know is refused, in Google's words.
 */
export function readMessage(
  value: unknown,
  { type, place = '' }: { type: string; place?: string },
): Record<string, unknown> {
  if (!isObject(value)) throw invalidValue({ place, type, value });
  const fields = MESSAGES[type] ?? {};
  const read: Record<string, unknown> = {};
  for (const [written, content] of Object.entries(value)) {
    const name = toCamelCase(written);
    const kind = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (kind === undefined) throw unknownName(written, place);
    if (content !== null) read[name] = readField(content, { kind, place: join(place, toSnakeCase(name)) });
  }
  return read;
}

function readField(content: unknown, { kind, place }: { kind: string; place: string }): unknown {
  if (kind.endsWith('*')) {
    // One object may stand for a list of one.
    const list = Array.isArray(content) ? content : [content];
    return list.map((item, index) => readField(item, { kind: kind.slice(0, -1), place: `${place}[${index}]` }));
  }
  if (kind === 'free') return content;
  if (kind === 'plain') {
    if (typeof content === 'object') throw invalidValue({ place, type: 'scalar', value: content });
    return content;
  }
  if (!kind.startsWith('map:')) return readMessage(content, { type: kind, place });
  if (!isObject(content)) throw invalidValue({ place, type: 'map', value: content });
  const entries = Object.entries(content);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, readMessage(item, { type: kind.slice(4), place: `${place}[${key}]` })]),
  );
}

function unknownName(name: string, place: string) {
  const where = place === '' ? '' : ` at '${place}'`;
  return invalidArgument(`Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`, place);
}

function invalidValue({ place, type, value }: { place: string; type: string; value: unknown }) {
  return invalidArgument(`Invalid value at '${place}' (${type}), ${JSON.stringify(value)}`, place);
}

function join(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}

function toCamelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
