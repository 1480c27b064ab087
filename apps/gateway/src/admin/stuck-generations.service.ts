import type { OperatorActions, StuckRow } from '@sluice/domain-generations/operator-actions';
import type { z } from 'zod';
import type { adoptSchema, failSchema } from './stuck-generations.schema.js';

const DEFAULT_LIMIT = 100;

export class StuckGenerations {
  constructor(private readonly actions: OperatorActions) {}

  async list({ cursor, limit = DEFAULT_LIMIT }: { cursor?: string; limit?: number }) {
    const rows = await this.actions.list({ after: cursor, limit });
    return { generations: rows.map(toView), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null };
  }

  async resubmit(id: string) {
    await this.actions.resubmit(id);
    return { id, action: 'resubmit' };
  }

  async fail(id: string, { reason, charge }: z.infer<typeof failSchema>) {
    await this.actions.fail(id, { reason, isUsed: charge });
    return { id, action: 'fail' };
  }

  async adopt(id: string, adopted: z.infer<typeof adoptSchema>) {
    await this.actions.adopt(id, 'operation' in adopted ? adopted.operation : { id: adopted.operationId });
    return { id, action: 'adopt' };
  }
}

function toView({ error, operation, ...row }: StuckRow) {
  return {
    ...row,
    error: error === null ? null : (JSON.parse(error) as unknown),
    operation: operation === null ? null : (JSON.parse(operation) as unknown),
  };
}
