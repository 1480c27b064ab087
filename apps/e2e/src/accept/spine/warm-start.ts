import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { openChat } from '../../harness/chat-stream.js';
import { descendantsOf, residentBytes } from '../../harness/process-table.js';
import { makeHome, removeHome, startSluice } from '../../harness/start-sluice.js';
import { chatBody } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';

const READY_LIMIT_MS = 5_000;
const MEMORY_LIMIT_BYTES = 700 * 1024 * 1024;
/** Long enough for what the start has used to be given back. */
const IDLE_MS = 5_000;

export function warmStartChecks(): Check[] {
  return [
    { title: 'a second npm start is ready in under 5 s and idles under 700 MB', prove: proveWarmStart },
    {
      title: 'a signal to npm alone ends everything within 20 s, also while streams are open',
      prove: proveStopUnderLoad,
    },
  ];
}

async function proveWarmStart(): Promise<string> {
  const home = await makeHome();
  try {
    await (await startSluice({ home })).stop();
    const sluice = await startSluice({ home, command: ['npm', 'start'] });
    await delay(IDLE_MS);
    const family = await descendantsOf(sluice.program.pid);
    const sizes = await Promise.all([sluice.program.pid, ...family.map(({ pid }) => pid)].map(residentBytes));
    await sluice.stop();
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const figures = `ready in ${Math.round(sluice.readyAfterMs)} ms; ${Math.round(bytes / 1024 / 1024)} MB in ${sizes.length} processes (${timings(sluice.program.printed())})`;
    assert.ok(sluice.readyAfterMs < READY_LIMIT_MS && bytes < MEMORY_LIMIT_BYTES, figures);
    return figures;
  } finally {
    await removeHome(home);
  }
}

async function proveStopUnderLoad(): Promise<string> {
  const sluice = await startSluice({ command: ['npm', 'start'] });
  const { gateway, apiKey } = sluice.run;
  const streams = await Promise.all(
    Array.from({ length: 5 }, () =>
      openChat({ gateway, apiKey, body: chatBody('endless [[sim:chunks=1000,chunk-delay-ms=200]]') }),
    ),
  );
  const readings = streams.map(async ({ body }) => {
    for await (const _ of body);
  });
  const [{ tookMs, processes }] = await Promise.all([sluice.stop('leader'), Promise.allSettled(readings)]);
  return `${processes} processes gone after ${(tookMs / 1000).toFixed(1)} s, 5 streams open`;
}

function timings(printed: string): string {
  return /^sluice ready .*?\((.*)\)/m.exec(printed)?.[1] ?? 'no timings';
}
