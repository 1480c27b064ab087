import { fieldName } from '@sluice/wire-errors/schema-error';

/** Where in a body a text stands, in the client's own spelling: `messages[0].content[1].file.file_id`. */
export function fieldOf(body: unknown, text: string): string | undefined {
  const path = find(body, text);
  return path && fieldName(path);
}

function find(value: unknown, text: string): PropertyKey[] | undefined {
  if (value === text) return [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const path = find(member, text);
    if (path) return [Array.isArray(value) ? Number(key) : key, ...path];
  }
  return undefined;
}
