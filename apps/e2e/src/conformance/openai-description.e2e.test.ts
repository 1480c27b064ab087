import { describe, expect, it } from 'vitest';
import { sharedSluice } from '../harness/shared-sluice.js';
import { DESCRIBED_JOURNEYS } from './described-journeys.js';
import { DESCRIBED_CALLS, describedChats } from './description-cases.js';
import { judgeAnswer, judgeJourney } from './judge-answer.js';
import { OpenaiDescription } from './openai-description.js';
import { prepareUpstreamKinds } from './upstream-kinds.js';

const client = sharedSluice();
const judge = { client, description: new OpenaiDescription() };
const kinds = await prepareUpstreamKinds(client);

describe.each(kinds)('in front of $name, as OpenAI describes it', (kind) => {
  it.each(describedChats(kind))('$title', (call) => judgeAnswer(judge, call));
});

describe('as OpenAI describes it', () => {
  it.each(DESCRIBED_CALLS)('$title', (call) => judgeAnswer(judge, call));
  it.each(DESCRIBED_JOURNEYS)('$title', (journey) => judgeJourney(judge, journey));
});

describe('what is not as OpenAI describes it is seen', () => {
  const { description } = judge;

  it.each<[string, (response: Broken) => void]>([
    ['/usage: must have', ({ usage }) => delete usage['total_tokens']],
    ['/output/0/content/0: must have', ({ output }) => delete output[0]?.content[0]?.['annotations']],
    ['/output/0/status: must be', ({ output }) => Object.assign(output[0] ?? {}, { status: 'done' })],
    ['/created_at: must be', (response) => (response['created_at'] = 'today')],
    [': must have', (response) => delete response['tool_choice']],
  ])('Response%s', async (flaw, damage) => {
    const answer = await client.call('/v1/responses', { body: { model: 'sim-chat', input: 'hello' } });
    const response = answer.json() as Broken;
    expect(description.flawsOf('Response', { ...response, more: 'than described' })).toEqual([]);
    damage(response);
    expect(description.flawsOf('Response', response)).toEqual([expect.stringContaining(`Response${flaw}`)]);
  });

  it('an event that OpenAI does not know', () => {
    expect(description.flawsOfEvent('ResponseStreamEvent', { type: 'response.thinking' })).toHaveLength(1);
  });
});

type Broken = Record<string, unknown> & {
  usage: Record<string, unknown>;
  output: { content: Record<string, unknown>[] }[];
};
