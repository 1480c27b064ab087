import { strict as assert } from 'node:assert';
import { DESCRIBED_JOURNEYS } from '../../conformance/described-journeys.js';
import { DESCRIBED_CALLS, describedChats } from '../../conformance/description-cases.js';
import { judgeAnswer, judgeJourney } from '../../conformance/judge-answer.js';
import { OpenaiDescription } from '../../conformance/openai-description.js';
import { prepareUpstreamKinds } from '../../conformance/upstream-kinds.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';
import { runSome } from './run-some.js';

export function descriptionChecks(client: SluiceClient): Check[] {
  return [
    {
      title:
        'every answer in OpenAI’s dialects is of the schema that OpenAI publishes for it, each event of a stream too',
      prove: () => proveAnswers(client),
    },
  ];
}

async function proveAnswers(client: SluiceClient): Promise<string> {
  const judge = { client, description: new OpenaiDescription() };
  const kinds = await prepareUpstreamKinds(client);
  const calls = kinds.flatMap((kind) =>
    describedChats(kind).map((call) => ({
      title: `${call.title} (${kind.name})`,
      judged: () => judgeAnswer(judge, call),
    })),
  );
  const others = [
    ...DESCRIBED_CALLS.map((call) => ({ title: call.title, judged: () => judgeAnswer(judge, call) })),
    ...DESCRIBED_JOURNEYS.map((journey) => ({ title: journey.title, judged: () => judgeJourney(judge, journey) })),
  ];
  const jobs = [...calls, ...others];
  const flaws = await runSome(jobs, ({ title, judged }) =>
    judged().catch((error: Error) => assert.fail(`${title}: ${error.message}`)),
  );
  assert.ok(flaws.length === 0, flaws.join('\n'));
  return `${jobs.length} calls and journeys, in front of ${kinds.map(({ name }) => name).join(', ')}`;
}
