/** What becomes of fields that the internal form has no word for. They reach an upstream that speaks this dialect all the same. */
export class RequestNotes {
  private readonly ignoredNames = new Set<string>();
  private readonly nativeNames = new Set<string>();

  /** Another upstream answers without it. */
  ignore(name: string): void {
    this.ignoredNames.add(name);
  }

  ignorePresent(name: string, value: unknown): void {
    if (value !== null && value !== undefined) this.ignore(name);
  }

  /** An answer without it would be another one: only an upstream of this dialect may serve the request. */
  demand(name: string): void {
    this.nativeNames.add(name);
  }

  get ignored(): string[] {
    return [...this.ignoredNames];
  }

  get nativeOnly(): string[] {
    return [...this.nativeNames];
  }
}
