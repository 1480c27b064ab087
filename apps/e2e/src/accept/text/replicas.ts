import { strict as assert } from 'node:assert';
import OpenAI from 'openai';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { unique } from '../../harness/unique.js';
import type { Check } from '../capability.js';

const TURNS = 10;
const ECHO = '[[sim:echo-request]]';

/** Every turn at the other replica, as soon as the one before was answered. */
export function replicaChecks(client: SluiceClient): Check[] {
  return [
    {
      title: `a conversation by x-sluice-session goes on at the other replica at once, ${TURNS} turns`,
      prove: session,
    },
    { title: `a chain of previous_response_id goes on at the other replica at once, ${TURNS} turns`, prove: chain },
  ];

  async function session(): Promise<string> {
    const headers = { 'x-sluice-session': unique('session') };
    const ask = async (replica: OpenAI, content: string) => {
      const body = { model: 'sim-chat', messages: [{ role: 'user' as const, content }] };
      return (await replica.chat.completions.create(body, { headers })).choices[0]?.message.content ?? '';
    };
    for (let turn = 1; turn <= TURNS; turn += 1) await ask(replicaOf(client, turn), `turn ${turn}`);
    return countKnown(await ask(replicaOf(client, TURNS + 1), ECHO));
  }

  async function chain(): Promise<string> {
    let previous: string | null = null;
    const ask = async (replica: OpenAI, input: string) => {
      const answer = await replica.responses.create({ model: 'sim-chat', input, previous_response_id: previous });
      previous = answer.id;
      return answer.output_text;
    };
    for (let turn = 1; turn <= TURNS; turn += 1) await ask(replicaOf(client, turn), `turn ${turn}`);
    return countKnown(await ask(replicaOf(client, TURNS + 1), ECHO));
  }
}

function replicaOf({ run }: SluiceClient, turn: number): OpenAI {
  const replicas = Object.values(run.gateways);
  assert.ok(replicas.length > 1, 'there is one replica only');
  return new OpenAI({ baseURL: `${replicas[turn % replicas.length]}/v1`, apiKey: run.apiKey, maxRetries: 0 });
}

/** Of every turn what was asked and answered, in order, and the last question. */
function countKnown(echo: string): string {
  const { messages } = JSON.parse(echo) as { messages: { content: unknown }[] };
  const asked = Array.from({ length: TURNS }, (_, index) => `turn ${index + 1}`);
  const expected = [...asked.flatMap((text) => [text, `Simulated reply to: ${text}`]), ECHO];
  assert.deepEqual(
    messages.map(({ content }) => content),
    expected,
  );
  return `the upstream was sent all ${messages.length} messages, in order`;
}
