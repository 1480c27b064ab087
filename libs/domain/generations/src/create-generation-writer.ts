import type { Clock } from '@sluice/contracts/clock';
import type { Logger } from '@sluice/platform-logger/logger';
import { isRowFault } from '@sluice/platform-postgres/postgres-fault';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import type { Metrics } from '@sluice/platform-telemetry/metrics';
import { GenerationWriter } from './generation-writer.js';

const upsertGenerations = defineStatement<never, [lines: string]>({
  name: 'upsert-generations',
  url: new URL('../sql/upsert-generations.sql', import.meta.url),
});

/** The writer of a process, on its connection pool. */
export function createGenerationWriter(options: {
  postgres: Queryable;
  metrics: Metrics;
  logger: Logger;
  clock: Clock;
}): GenerationWriter {
  const { postgres, metrics, logger, clock } = options;
  const written = metrics.counter({
    name: 'sluice_generation_rows_total',
    help: 'Generation rows, by fate.',
    labels: ['fate'],
  });
  return new GenerationWriter({
    async write(rows) {
      await upsertGenerations.run(postgres, rows.join('\n'));
      written.add({ fate: 'written' }, rows.length);
    },
    isRowFault,
    clock,
    onDropped(generationId, error) {
      written.add({ fate: 'dropped' });
      logger.error({ err: error, generationId }, 'a generation row was given up');
    },
    onError: (error) => logger.warn({ err: error }, 'generation rows wait for Postgres'),
  });
}
