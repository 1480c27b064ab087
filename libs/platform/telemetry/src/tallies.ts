/** What was counted since the library last had it. A series that nobody has used is not shown. */
export class CounterTally {
  isUsed = false;
  private waiting = 0;

  add(value = 1): void {
    if (!Number.isFinite(value)) throw new TypeError(`Value is not a valid number: ${value}`);
    if (value < 0) throw new Error('It is not possible to decrease a counter.');
    this.isUsed = true;
    this.waiting += value;
  }

  take(): number {
    const { waiting } = this;
    this.waiting = 0;
    return waiting;
  }
}

export class GaugeTally {
  isUsed = false;
  value = 0;

  set(value: number): void {
    this.isUsed = true;
    this.value = value;
  }

  add(value: number): void {
    this.set(this.value + value);
  }
}
