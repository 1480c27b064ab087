import type { OwnModel } from '../../harness/admin-client.js';
import { chatBody, type SluiceClient } from '../../harness/sluice-client.js';

/** A model that a few credentials of the simulator serve, each with its own settings. */
export async function createSharedModel(
  client: SluiceClient,
  settings: readonly Record<string, unknown>[],
): Promise<{ model: string; credentials: OwnModel[] }> {
  const [first = {}, ...others] = settings;
  const credentials = [await client.admin.createModel(first)];
  const model = credentials[0]?.model ?? '';
  for (const each of others) credentials.push(await client.admin.createModel({ ...each, models: [model] }));
  await warmUp(client, model);
  return { model, credentials };
}

export interface ChatReport {
  status: number;
  text: string;
  tookMs: number;
}

/** One whole chat; `delayMs` is what the upstream takes for it. */
export async function chatOnce(
  client: SluiceClient,
  { model, delayMs, name }: { model: string; delayMs: number; name: string },
): Promise<ChatReport> {
  const startedAt = performance.now();
  const prompt = `[[sim:firstByteDelayMs=${delayMs}]] ${name}`;
  const { status, text } = await client.call('/v1/chat/completions', { body: { ...chatBody(prompt), model } });
  return { status, text, tookMs: performance.now() - startedAt };
}

export function chats(
  client: SluiceClient,
  options: { model: string; delayMs: number; count: number },
): Promise<ChatReport[]> {
  const { model, delayMs, count } = options;
  return Promise.all(
    Array.from({ length: count }, (_, number) => chatOnce(client, { model, delayMs, name: `chat ${number}` })),
  );
}

/** The most requests that one key had at once, as the simulator saw it. */
export async function mostAtOnce(client: SluiceClient, { upstreamKey }: OwnModel): Promise<number> {
  const { concurrency } = await client.simulator.requests({ key: upstreamKey });
  return Math.max(0, ...concurrency.perKey.map(({ maximum }) => maximum));
}

export function statusCounts(reports: readonly ChatReport[]): string {
  const counts = new Map<number, number>();
  for (const { status } of reports) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} × ${status}`).join(', ');
}

/** What an operator adds reaches every worker within a moment. */
async function warmUp(client: SluiceClient, model: string): Promise<void> {
  await chatOnce(client, { model, delayMs: 0, name: 'warm up' });
}
