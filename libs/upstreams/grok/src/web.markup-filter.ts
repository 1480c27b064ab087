/** Markup of the site's own pages, which means nothing elsewhere: cards, citations, artifacts. */
const NAMES = ['grok:render', 'xai:tool_usage_card', 'xaiartifact'];
const LONGEST_OPENING = 4_096;

/** Takes the site's markup out of a text that comes in pieces, wherever they are cut. */
export class MarkupFilter {
  private held = '';
  /** The element that is being skipped. */
  private inside: string | undefined;
  private readonly names: readonly string[];

  constructor(more: readonly string[] = []) {
    this.names = [...NAMES, ...more];
  }

  push(piece: string): string {
    this.held += piece;
    let out = '';
    for (;;) {
      const step = this.inside === undefined ? this.outsideStep() : this.insideStep(this.inside);
      if (step === undefined) return out;
      out += step;
    }
  }

  /** What looked like the beginning of markup and was none. */
  end(): string {
    const rest = this.inside === undefined ? this.held : '';
    this.held = '';
    this.inside = undefined;
    return rest;
  }

  /** Undefined: no more can be told yet. */
  private outsideStep(): string | undefined {
    const at = this.held.indexOf('<');
    if (at !== 0) return this.held === '' ? undefined : this.take(at < 0 ? this.held.length : at);
    const name = this.names.find((each) => this.held.startsWith(`<${each}`));
    if (name === undefined) {
      const isBeginning = this.names.some((each) => `<${each}`.startsWith(this.held));
      return isBeginning ? undefined : this.take(1);
    }
    const close = this.held.indexOf('>');
    if (close < 0) return this.held.length > LONGEST_OPENING ? this.take(1) : undefined;
    this.inside = this.held[close - 1] === '/' ? undefined : name;
    this.held = this.held.slice(close + 1);
    return '';
  }

  private insideStep(name: string): string | undefined {
    const ending = `</${name}>`;
    const at = this.held.indexOf(ending);
    if (at < 0) {
      // Only what may be the beginning of the end is kept.
      this.held = this.held.slice(-ending.length);
      return undefined;
    }
    this.held = this.held.slice(at + ending.length);
    this.inside = undefined;
    return '';
  }

  private take(length: number): string {
    const taken = this.held.slice(0, length);
    this.held = this.held.slice(length);
    return taken;
  }
}
