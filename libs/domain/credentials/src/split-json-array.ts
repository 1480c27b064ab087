const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPENING = new Set([91, 123]);
const CLOSING = new Set([93, 125]);

/** An element as text; undefined where it is longer than is taken. */
export type ArrayElement = string | undefined;

/** Cuts a JSON array that comes in pieces into its elements, holding one at a time. What an element holds is not judged. */
export class JsonArraySplitter {
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private element = '';
  private isTooLong = false;
  private isComplete = false;

  constructor(private readonly longestElement: number) {}

  /** True when the array has been closed. */
  get isClosed(): boolean {
    return this.isComplete;
  }

  /** The elements that this piece completes. */
  push(piece: string): ArrayElement[] {
    const elements: ArrayElement[] = [];
    let start = 0;
    for (let index = 0; index < piece.length && !this.isComplete; index++) {
      const isBoundary = this.step(piece.charCodeAt(index));
      if (!isBoundary) continue;
      this.keep(piece.slice(start, index));
      start = index + 1;
      this.take(elements);
    }
    if (!this.isComplete) this.keep(piece.slice(start));
    return elements;
  }

  /** Whether the sign begins the array, ends it, or stands between two elements. */
  private step(sign: number): boolean {
    if (this.isInString) {
      if (this.isEscaped) this.isEscaped = false;
      else if (sign === BACKSLASH) this.isEscaped = true;
      else if (sign === QUOTE) this.isInString = false;
      return false;
    }
    if (sign === QUOTE) this.isInString = true;
    else if (OPENING.has(sign)) return this.depth++ === 0;
    else if (CLOSING.has(sign)) this.isComplete = --this.depth === 0;
    return this.isComplete || (sign === COMMA && this.depth === 1);
  }

  private keep(text: string): void {
    if (this.depth === 0 && !this.isComplete) return;
    this.isTooLong ||= this.element.length + text.length > this.longestElement;
    this.element = this.isTooLong ? '' : this.element + text;
  }

  private take(elements: ArrayElement[]): void {
    const text = this.element.trim();
    if (this.isTooLong) elements.push(undefined);
    else if (text !== '') elements.push(text);
    this.element = '';
    this.isTooLong = false;
  }
}
