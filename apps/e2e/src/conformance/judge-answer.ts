import { strict as assert } from 'node:assert';
import type { SluiceClient } from '../harness/sluice-client.js';
import type { DescribedCall } from './description-cases.js';
import type { DescribedJourney } from './described-journeys.js';
import type { OpenaiDescription } from './openai-description.js';

interface Judge {
  client: SluiceClient;
  description: OpenaiDescription;
}

/** Makes the call; throws where its answer is not as OpenAI describes it. */
export async function judgeAnswer({ client, description }: Judge, call: DescribedCall): Promise<void> {
  const { path, body, status = 200, schema, answersIn } = call;
  const answer = await client.call(path, body === undefined ? {} : { body });
  assert.equal(answer.status, status, answer.text.slice(0, 500));
  if (answersIn === 'whole') return refuse(description.flawsOf(schema, answer.json()));
  const events = eventsOf(answer.text);
  refuse(
    events.flatMap((event) => {
      if (answersIn === 'events') return description.flawsOfEvent(schema, event);
      return description.flawsOf('error' in event ? 'ErrorResponse' : schema, event);
    }),
  );
}

/** Goes all its way; throws where an answer is not as OpenAI describes it. */
export async function judgeJourney({ client, description }: Judge, { answers }: DescribedJourney): Promise<void> {
  const flaws: string[] = [];
  let count = 0;
  for await (const { schema, answer, isEvent } of answers(client)) {
    count += 1;
    flaws.push(...(isEvent ? description.flawsOfEvent(schema, answer) : description.flawsOf(schema, answer)));
  }
  assert.ok(count > 0, 'a journey without an answer');
  refuse(flaws);
}

function refuse(flaws: readonly string[]): void {
  assert.deepEqual([...new Set(flaws)], []);
}

function eventsOf(text: string): object[] {
  const data = [...text.matchAll(/^data: (.+)$/gm)].map(([, each = '']) => each);
  const events = data.filter((each) => each !== '[DONE]').map((each) => JSON.parse(each) as object);
  assert.ok(events.length > 0, 'a stream without an event');
  return events;
}
