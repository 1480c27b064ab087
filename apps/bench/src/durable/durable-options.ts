import { parseArgs } from 'node:util';

export interface DurableOptions {
  length: 'full' | 'quick';
  /** Names of parts; absent: all. */
  only: readonly string[] | undefined;
  outFile: string | undefined;
  markdownFile: string | undefined;
}

export function readDurableOptions(args: readonly string[]): DurableOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      out: { type: 'string' },
      markdown: { type: 'string' },
    },
  });
  return {
    length: values.quick ? 'quick' : 'full',
    only: values.only?.split(','),
    outFile: values.out,
    markdownFile: values.markdown,
  };
}
