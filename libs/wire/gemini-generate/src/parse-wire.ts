import type { Json } from '@sluice/contracts/json';
import { refuseDeep } from '@sluice/wire-errors/refuse-deep';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { z } from 'zod';
import { camelCased, originalPath } from './camel-case.js';

/** Checks a body whose names may be in either spelling; the first thing wrong is named in the client's own. */
export function parseWire<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  refuseDeep(body);
  const parsed = schema.safeParse(camelCased(body as Json));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => inOwnSpelling(issue, { base: [], body }));
  throw schemaError(new z.ZodError(issues), body);
}

type Issue = z.core.$ZodIssue;

/** The branches of a union name paths from where it stands: `base`. */
function inOwnSpelling(issue: Issue, { base, body }: { base: readonly PropertyKey[]; body: unknown }): Issue {
  const meant = [...base, ...issue.path];
  const path = originalPath(meant, body).slice(originalPath(base, body).length);
  if (issue.code !== 'invalid_union') return { ...issue, path };
  const errors = issue.errors.map((branch) => branch.map((each) => inOwnSpelling(each, { base: meant, body })));
  return { ...issue, path, errors } as Issue;
}
