import type { ChatRequest } from '@sluice/contracts/chat';
import { expect, it } from 'vitest';
import { clients } from './clients.js';
import { bodyOfLength } from './conversation.js';
import { upstreams } from './upstreams.js';

/** How often each kind of content is there. */
function contentOf({ messages, tools }: ChatRequest): Record<string, number> {
  const counts: Record<string, number> = { tools: tools?.length ?? 0 };
  for (const { role, content } of messages)
    for (const { type } of content) counts[`${role} ${type}`] = (counts[`${role} ${type}`] ?? 0) + 1;
  return counts;
}

it.each(clients)('$name: the conversation that is measured has all that it should have', (client) => {
  const body = bodyOfLength(20_000, client.bodyOf);
  expect(JSON.stringify(body).length).toBeGreaterThan(20_000);
  const request = client.decode(body);
  expect(contentOf(request)).toMatchObject({ tools: 12, 'system text': 1, 'assistant reasoning': expect.any(Number) });
  const rounds = contentOf(request)['assistant reasoning'] ?? 0;
  expect(contentOf(request)).toMatchObject({ 'assistant tool-call': 2 * rounds, 'tool text': 2 * rounds });
});

it.each(upstreams)('$name: the answer that is measured is a whole one', async (upstream) => {
  async function* events() {
    for (const data of upstream.events) yield { data };
  }
  const types = new Set<string>();
  for await (const { type } of upstream.decodeStream(events())) types.add(type);
  expect([...types]).toEqual([
    'start',
    'reasoning-delta',
    'text-delta',
    'tool-input-start',
    'tool-input-delta',
    'finish',
    'usage',
  ]);
});
