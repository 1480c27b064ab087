import type { Part, PartRecord } from '@sluice/contracts/part';

const OPENING = '<think>\n';
const CLOSING = '\n</think>\n';

/** An answer whose thoughts stand in its text, between marks, or nowhere: for clients that know no field for them. */
export async function* toldThoughts(
  tail: AsyncIterable<PartRecord[]>,
  where: 'think' | 'none',
): AsyncGenerator<PartRecord[]> {
  const thoughts = new ThoughtMarks();
  for await (const records of tail)
    yield records.flatMap((record) => {
      if (where === 'think') return thoughts.read(record);
      return record.part.type === 'reasoning-delta' ? [] : [record];
    });
}

class ThoughtMarks {
  private readonly open = new Set<number>();

  read(record: PartRecord): PartRecord[] {
    const { part } = record;
    if (part.type === 'failed' || part.type === 'cancelled') return [record];
    if (part.type === 'succeeded') return [...[...this.open].map((choice) => this.close(record, choice)), record];
    if (!('choice' in part)) return [record];
    const { choice } = part;
    const isOpen = this.open.has(choice);
    if (part.type === 'reasoning-delta') {
      this.open.add(choice);
      return [said(record, choice, isOpen ? part.text : OPENING + part.text)];
    }
    const isHeard = part.type !== 'reasoning-signature' && part.type !== 'redacted-reasoning';
    return isOpen && isHeard ? [this.close(record, choice), record] : [record];
  }

  private close(record: PartRecord, choice: number): PartRecord {
    this.open.delete(choice);
    return said(record, choice, CLOSING);
  }
}

function said(record: PartRecord, choice: number, text: string): PartRecord {
  const part: Part = { type: 'text-delta', choice, text };
  return { ...record, part };
}
