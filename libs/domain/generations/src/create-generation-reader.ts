import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import { GenerationReader } from './generation-reader.js';
import { type GenerationRow, generationRowSchema } from './generation-row.js';

const findGeneration = defineStatement<GenerationRow, [id: string, createdAt: Date]>({
  name: 'find-generation',
  url: new URL('../sql/find-generation.sql', import.meta.url),
  row: generationRowSchema,
});

const listGenerations = defineStatement<
  GenerationRow,
  [ownerKeyId: string, afterTime: Date | null, afterId: string | null, status: string | null, limit: number]
>({
  name: 'list-generations',
  url: new URL('../sql/list-generations.sql', import.meta.url),
  row: generationRowSchema,
});

export function createGenerationReader({ postgres, clock }: { postgres: Queryable; clock: Clock }): GenerationReader {
  return new GenerationReader({
    find: (id, createdAt) => findGeneration.first(postgres, id, createdAt),
    list: ({ ownerKeyId, after, status, limit }) =>
      listGenerations.all(postgres, ownerKeyId, after?.createdAt ?? null, after?.id ?? null, status ?? null, limit),
    now: () => clock.now(),
    sleep: (delayMs) => sleep(delayMs),
  });
}
