/** The elements of one JSON array, each as soon as it is whole. Text before, between and after them is skipped. */
export class JsonArraySplitter {
  private element = '';
  private depth = 0;
  private isInString = false;
  private isEscaped = false;

  *push(text: string): Iterable<string> {
    let start = this.depth > 0 ? 0 : -1;
    for (let position = 0; position < text.length; position += 1) {
      const code = text.charCodeAt(position);
      if (this.isInString) this.readString(code);
      else if (code === QUOTE) this.isInString = this.depth > 0;
      else if (code === OPENING_BRACE || (code === OPENING_BRACKET && this.depth > 0)) {
        if (this.depth === 0) start = position;
        this.depth += 1;
      } else if (this.depth > 0 && (code === CLOSING_BRACE || code === CLOSING_BRACKET)) {
        this.depth -= 1;
        if (this.depth > 0) continue;
        yield this.element + text.slice(start, position + 1);
        this.element = '';
        start = -1;
      }
    }
    if (start !== -1) this.element += text.slice(start);
  }

  /** An element that broke off. */
  end(): string[] {
    return this.element === '' ? [] : [this.element];
  }

  private readString(code: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (code === BACKSLASH) this.isEscaped = true;
    else if (code === QUOTE) this.isInString = false;
  }
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPENING_BRACKET = 91;
const CLOSING_BRACKET = 93;
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;
