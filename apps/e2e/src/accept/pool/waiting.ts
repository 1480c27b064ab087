import assert from 'node:assert/strict';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';
import { chats, createSharedModel, statusCounts } from './shared-model.js';

const CHATS = 200;
const SLOTS = 4;
const DELAY_MS = 60;
const IDEAL_MS = (CHATS / SLOTS) * DELAY_MS;

export function waitingChecks(client: SluiceClient): Check[] {
  return [
    {
      title: `${CHATS} chats over ${SLOTS} slots of ${DELAY_MS} ms end within 1.3 × the ideal ${IDEAL_MS / 1_000} s`,
      prove: async () => {
        const { model } = await createSharedModel(client, [{ limits: { chat: 1 } }, { limits: { chat: 3 } }]);
        const startedAt = performance.now();
        const reports = await chats(client, { model, delayMs: DELAY_MS, count: CHATS });
        const tookMs = performance.now() - startedAt;
        const figures = `${(tookMs / 1_000).toFixed(2)} s, ${(tookMs / IDEAL_MS).toFixed(2)} × the ideal; ${statusCounts(reports)}`;
        assert.ok(reports.every(({ status }) => status === 200) && tookMs <= 1.3 * IDEAL_MS, figures);
        return figures;
      },
    },
  ];
}
