/** What a file without a signature is called: a few types that do nothing where they are shown, by what it is declared as or its name. */
export function plainMediaType(file: { declaredType: string; filename?: string | undefined }): string {
  const declared = file.declaredType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const ending = /\.([a-z0-9]{1,8})$/i.exec(file.filename ?? '')?.[1]?.toLowerCase() ?? '';
  // Senders that do not know say `text/plain`: the name knows better.
  const named = BY_ENDING.get(ending);
  if (named !== undefined && (declared === 'text/plain' || !PLAIN.has(declared))) return named;
  return PLAIN.has(declared) ? declared : 'application/octet-stream';
}

const BY_ENDING = new Map([
  ['jsonl', 'application/jsonl'],
  ['ndjson', 'application/jsonl'],
  ['json', 'application/json'],
  ['txt', 'text/plain'],
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
]);

const PLAIN = new Set(['application/x-ndjson', ...BY_ENDING.values()]);
