/**
 * Names of fields that were understood and are not acted on. Those that can stand in any message are named once,
 * without the message's place.
 */
export class IgnoredFields {
  private readonly names = new Set<string>();

  add(name: string): void {
    this.names.add(name);
  }

  /** Adds the name where the field has a value. */
  note(name: string, value: unknown): void {
    if (value !== null && value !== undefined) this.names.add(name);
  }

  list(): string[] {
    return [...this.names];
  }
}
