import type { Spread } from '../measure/spread.js';

const absent = '–';

/** Three or more significant digits, without false ones: 4321, 12.3, 0.456. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return absent;
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** The median, and the range of the turns where there were several. */
export function formatSpread(spread: Spread | null): string {
  if (spread === null) return absent;
  const median = formatNumber(spread.median);
  if (spread.min === spread.max) return median;
  return `${median} (${formatNumber(spread.min)}–${formatNumber(spread.max)})`;
}

export function formatMegabytes(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? absent : String(Math.round(bytes / 1_000_000));
}

export function formatPercent(spread: Spread | null): string {
  return spread === null ? absent : String(Math.round(spread.median * 100));
}

export function formatErrors(errors: Readonly<Record<string, number>>): string {
  const entries = Object.entries(errors);
  return entries.length === 0 ? '0' : entries.map(([name, count]) => `${count}× ${name}`).join(', ');
}
