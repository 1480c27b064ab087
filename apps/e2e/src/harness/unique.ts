import { randomUUID } from 'node:crypto';

/** A word that no other test uses: its requests can be told apart at the upstream. */
export function unique(name: string): string {
  return `${name}-${randomUUID().slice(0, 8)}`;
}
