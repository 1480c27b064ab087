import type { Json, JsonObject } from './json.js';
import { z } from 'zod';

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Any object, taken as it is: nothing of it is copied. */
export const jsonObjectSchema = z.custom<JsonObject>(isJsonObject, { params: { expected: 'an object' } });

/** Any array, taken as it is. */
export const jsonArraySchema = z.custom<Json[]>(Array.isArray, { params: { expected: 'an array' } });
