import type { FilePurpose } from '@sluice/contracts/client-file';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { schemaError } from '@sluice/wire-errors/schema-error';
import type { z } from 'zod';
import { createFileSchema, listFilesSchema } from './schema.js';

export interface CreateFile {
  purpose: FilePurpose;
  expiresAfterMs: number | undefined;
}

/** The fields of a form, in the order in which they came; of one that comes twice the last counts. */
export function decodeCreate(fields: Iterable<{ name: string; value: string }>): CreateFile {
  const { purpose, expires_after: expiry } = parse(createFileSchema, formBody(fields));
  return { purpose, expiresAfterMs: expiry && expiry.seconds * 1_000 };
}

export interface ListFiles {
  purpose?: FilePurpose | undefined;
  after?: string | undefined;
  order: 'newest' | 'oldest';
  limit: number;
}

export function decodeList(query: unknown): ListFiles {
  const { order, ...page } = parse(listFilesSchema, query);
  return { ...page, order: order === 'desc' ? 'newest' : 'oldest' };
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw schemaError(parsed.error, value);
}

const MEMBER = /^expires_after\[(\w{1,32})\]$/;

/** `expires_after[seconds]` is a member; the whole may be written as JSON, too. */
function formBody(fields: Iterable<{ name: string; value: string }>): JsonObject {
  const body: JsonObject = {};
  const expiry: JsonObject = {};
  for (const { name, value } of fields) {
    const member = MEMBER.exec(name)?.[1];
    if (member !== undefined) expiry[member] = value;
    else if (name === 'expires_after') Object.assign(expiry, readObject(name, value));
    else if (name === 'purpose') body[name] = value;
  }
  return Object.keys(expiry).length === 0 ? body : { ...body, expires_after: expiry };
}

function readObject(param: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below.
  }
  const message = `Invalid type for '${param}': expected an object, got a string.`;
  throw new GatewayError('invalid_request', message, { param, reason: 'invalid_type' });
}
