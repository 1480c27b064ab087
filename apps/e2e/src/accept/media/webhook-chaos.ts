import assert from 'node:assert/strict';
import { REPOSITORY } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runToEnd } from '../spine/run-to-end.js';

const LIMIT_MS = 20 * 60_000;
const GENERATIONS = 60;
const SEED = 6;
/** What the chaos run says of webhooks, by the words that each of its lines has. */
const INVARIANTS = ['every end is told by webhook', 'an event has one id', 'no webhook reaches a private address'];

/** One seed that is not large: `accept -- durable` runs ten. */
export function webhookChaosChecks(): Check[] {
  return [
    {
      title: 'webhooks in the chaos run: each event delivered at least once with one id, none to a private address',
      async prove() {
        const args = ['apps/chaos/dist/main.js', '--seed', String(SEED), '--generations', String(GENERATIONS)];
        const printed = await runToEnd({ command: process.execPath, args, directory: REPOSITORY, limitMs: LIMIT_MS });
        const lines = printed.split('\n');
        const held = INVARIANTS.map((words) => lines.find((line) => line.includes(words)) ?? assert.fail(words));
        for (const line of held) assert.match(line, /\| holds \|$/);
        const told = lines.find((line) => line.startsWith('webhooks: ')) ?? '';
        return `seed ${SEED} of ${GENERATIONS} generations; ${told}\n${held.join('\n')}\n`;
      },
    },
  ];
}
