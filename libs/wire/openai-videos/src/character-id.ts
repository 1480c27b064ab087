const GENERATION = /^gen_([0-9a-f]{32})$/;
const CHARACTER = /^char_([0-9a-f]{32})$/;

/** `char_…`, as clients of this dialect know a generation that made a character. */
export function toCharacterId(generationId: string): string {
  return generationId.replace(GENERATION, 'char_$1');
}

/** Undefined for what is no character of ours: vendors spell theirs otherwise. */
export function fromCharacterId(id: string): string | undefined {
  const digits = CHARACTER.exec(id)?.[1];
  return digits === undefined ? undefined : `gen_${digits}`;
}
