import { z } from 'zod';

const LONGEST_PATH = 256;
const MOST_PATHS = 50;

/** Segments of letters, digits and `-._~`; no dots alone, no doubled slashes, nothing encoded. */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[\w\-.~]+)+$/;

/** What answers there already is not taken away. */
const RESERVED_ROOTS = new Set([
  'admin',
  'console',
  'docs',
  'health',
  'healthz',
  'livez',
  'media',
  'metrics',
  'openapi.json',
  'readyz',
  'upload',
  'v1beta',
]);
const RESERVED_RESOURCES = /^\/(?:api\/)?v1\/(?!chat\/)(?!chat$)/;
const RESERVED_AUTH = /^\/api\/auth(?:\/|$)/;

/** Without a slash at its end: it is served with one, too. */
const cleanSchema = z.string().transform((path) => path.trim().replace(/\/+$/, ''));

const pathSchema = cleanSchema.pipe(
  z
    .string()
    .max(LONGEST_PATH, 'is too long')
    .regex(PATH, "must be a path such as '/my/chat'")
    .refine((path) => !RESERVED_ROOTS.has(path.split('/')[1] ?? '') && !RESERVED_AUTH.test(path), 'is in use'),
);

/** A path that the chat may be served at beside or instead of its own. */
export const chatPathSchema = pathSchema.refine((path) => !RESERVED_RESOURCES.test(path), 'is in use');

/** Several, as a list or as one text with commas. */
export const chatPathsSchema = listOf(chatPathSchema);

/** What goes before the chat's own paths: `/tenant` makes `/tenant/v1/chat/completions`. */
export const chatPrefixesSchema = listOf(pathSchema.refine((path) => !/^\/(?:api|v1)(?:\/|$)/.test(path), 'is in use'));

function listOf<Schema extends z.ZodType>(schema: Schema) {
  const split = (value: unknown) =>
    typeof value === 'string' ? value.split(',').filter((part) => part.trim() !== '') : value;
  return z.preprocess(
    split,
    z
      .array(schema)
      .max(MOST_PATHS)
      .transform((paths) => [...new Set(paths)]),
  );
}
