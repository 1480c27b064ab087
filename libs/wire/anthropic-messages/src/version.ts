/** The two versions of the interface, which differ in what a request may hold. */
export type ApiVersion = '2023-06-01' | '2026-10-21';

const NEWER: ApiVersion = '2026-10-21';

/** From the `anthropic-version` header. Whoever names none, or one that is not known, gets the lenient older rules. */
export function parseVersion(header: string | undefined): ApiVersion {
  return header !== undefined && /^\d{4}-\d\d-\d\d$/.test(header) && header >= NEWER ? NEWER : '2023-06-01';
}
