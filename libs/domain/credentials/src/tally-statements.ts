import { defineStatement } from '@sluice/platform-postgres/statement';

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

export interface Counted {
  id: string;
  consecutiveErrors: number;
  hasFailed: boolean;
}

export interface TallyRow {
  id: string;
  images: number;
  videos: number;
  errors: number;
  day: string;
  imagesToday: number;
  videosToday: number;
  errorsToday: number;
  consecutiveErrors: number;
  lastErrorAt: Date | null;
  lastSuccessAt: Date | null;
}

export type TallySums = Pick<TallyRow, 'images' | 'videos' | 'errors' | 'imagesToday' | 'videosToday' | 'errorsToday'>;

export const countErrors = defineStatement<
  Counted,
  [
    ids: readonly string[],
    errors: readonly number[],
    consecutive: readonly number[],
    worked: readonly boolean[],
    at: Date,
  ]
>(sql('count-errors'));
export const tallyEnded = defineStatement<Counted, [until: Date, codes: readonly string[]]>(sql('tally-ended'));
export const listTallies = defineStatement<TallyRow, [ids: readonly string[]]>(sql('list-tallies'));
export const sumTallies = defineStatement<TallySums & { upstream: string }, [now: Date]>(sql('sum-tallies'));
export const purgeTallies = defineStatement<object, []>(sql('purge-tallies'));
