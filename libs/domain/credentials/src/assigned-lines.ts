import type { ImportRow } from './read-import.js';

const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/;

/** Lines `NAME=value` of the environment of another system, gathered into one document. */
export class AssignedLines {
  private readonly names: ReadonlySet<string>;
  private readonly beginnings: readonly string[];
  private readonly values: Record<string, string> = {};
  private firstRow = 0;
  private bytes = 0;

  constructor(variables: readonly string[]) {
    this.names = new Set(variables.filter((name) => !name.endsWith('*')));
    this.beginnings = variables.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  }

  /** Whether the line is one of them: a key may hold a sign of equality, too. */
  take({ row, text }: Extract<ImportRow, { type: 'line' }>): boolean {
    const [, name = '', value = ''] = ASSIGNMENT.exec(text) ?? [];
    if (!this.names.has(name) && !this.beginnings.some((beginning) => name.startsWith(beginning))) return false;
    if (this.firstRow === 0) this.firstRow = row;
    this.values[name] = unquoted(value);
    this.bytes += text.length;
    return true;
  }

  *document(): Generator<ImportRow> {
    if (this.firstRow > 0) yield { row: this.firstRow, type: 'json', value: this.values, bytes: this.bytes };
  }
}

/** A comment after a value is none of it. */
function unquoted(value: string): string {
  const quoted = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(value)?.[2];
  return quoted ?? value.replace(/\s+#.*$/, '').trim();
}
