import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** Under this name goes what a model wrote as a tool's input and is not a JSON object. */
const RAW = 'invalid_json';

/** This dialect's arguments are objects: none is an empty one, and what cannot be read is wrapped, never lost. */
export function toArguments(text: string): JsonObject {
  if (text.trim() === '') return {};
  const value = parse(text);
  return isJsonObject(value) ? value : { [RAW]: text };
}

/** The way back. */
export function fromArguments(input: JsonObject): string {
  const raw = input[RAW];
  return typeof raw === 'string' && Object.keys(input).length === 1 ? raw : JSON.stringify(input);
}

/** A tool's result is an object too: anything else stands under `result`, a list as such and the rest as its text. */
export function toResponse(text: string): JsonObject {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || !keepsDigits(value, text)) return { result: text };
  return isJsonObject(value) ? value : { result: value as Json[] };
}

/** A number with more digits than a double holds, such as an id, would come out as another one. */
function keepsDigits(value: object, text: string): boolean {
  const long = text.match(/\d{16,}/g);
  if (long === null) return true;
  const written = JSON.stringify(value);
  return long.every((digits) => written.includes(digits));
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nothing more can come that belongs to it. */
export function isWholeJson(text: string): boolean {
  return text.trimEnd().endsWith('}') && parse(text) !== undefined;
}
