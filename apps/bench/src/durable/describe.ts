import { formatErrors, formatNumber } from '../report/format-number.js';

export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

export function milliseconds(value: number | null | undefined): string {
  return `${formatNumber(value)} ms`;
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}

/** Nothing where nothing went wrong. */
export function describeErrors(errors: Readonly<Record<string, number>>): string {
  return Object.keys(errors).length === 0 ? '' : `; errors: ${formatErrors(errors)}`;
}
