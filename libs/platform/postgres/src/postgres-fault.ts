/** The SQLSTATE of an error that Postgres itself reported; undefined for a lost connection and the like. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The data is at fault (class 22, a bad value; class 23, a broken constraint): the same statement can never succeed. */
export function isRowFault(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && (state.startsWith('22') || state.startsWith('23'));
}

export const isUniqueViolation = (error: unknown): boolean => sqlStateOf(error) === '23505';
