import type { StoredMedia } from '@sluice/contracts/stored-media';

/** Stands for the Base64 of a stored file, which is written when its turn comes: it is never in memory as a whole. */
export class Base64Of {
  constructor(readonly media: StoredMedia) {}
}

/** Text to be sent as it is, or a file to be sent as Base64. */
export type Piece = string | Base64Of;

/** What JSON can say, with files in it. */
export type Fillable = string | number | boolean | null | undefined | Base64Of | Fillable[] | FillableObject;
export interface FillableObject {
  [name: string]: Fillable;
}

/** A value as the JSON that says it, in pieces. */
export function jsonPieces(value: FillableObject): Piece[] {
  const pieces: Piece[] = [];
  for (const piece of write(value)) {
    const last = pieces.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  }
  return pieces;
}

/** How many bytes they come to. */
export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce(
    (sum, piece) => sum + (typeof piece === 'string' ? Buffer.byteLength(piece) : Math.ceil(piece.media.bytes / 3) * 4),
    0,
  );
}

function* write(value: Fillable): Generator<Piece> {
  if (value instanceof Base64Of) yield* ['"', value, '"'];
  else if (Array.isArray(value)) yield* writeList(value);
  else if (typeof value === 'object' && value !== null) yield* writeMembers(value);
  else yield JSON.stringify(value ?? null);
}

function* writeList(list: readonly Fillable[]): Generator<Piece> {
  yield '[';
  for (const [index, each] of list.entries()) {
    if (index > 0) yield ',';
    yield* write(each);
  }
  yield ']';
}

function* writeMembers(members: FillableObject): Generator<Piece> {
  yield '{';
  const said = Object.entries(members).filter(([, value]) => value !== undefined);
  for (const [index, [name, value]] of said.entries()) {
    yield `${index > 0 ? ',' : ''}${JSON.stringify(name)}:`;
    yield* write(value);
  }
  yield '}';
}
