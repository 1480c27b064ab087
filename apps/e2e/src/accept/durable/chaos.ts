import { parseArgs } from 'node:util';
import { REPOSITORY } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runToEnd } from '../spine/run-to-end.js';

const LIMIT_MS = 2 * 60 * 60_000;
/** What two cores can do without starving each other. */
const AT_ONCE = '2';

/** Shorter: `npm run accept -- durable --seeds 1..2 --generations 100`. */
export function chaosChecks(): Check[] {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    options: { seeds: { type: 'string', default: '1..10' }, generations: { type: 'string', default: '300' } },
    allowPositionals: true,
  });
  const { seeds, generations } = values;
  return [
    {
      title: `chaos, seeds ${seeds} of ${generations} generations: every invariant holds`,
      async prove() {
        const args = ['apps/chaos/dist/main.js', '--seeds', seeds, '--generations', generations, '--at-once', AT_ONCE];
        const printed = await runToEnd({ command: process.execPath, args, directory: REPOSITORY, limitMs: LIMIT_MS });
        return `\n${printed.trimEnd()}\n`;
      },
    },
  ];
}
