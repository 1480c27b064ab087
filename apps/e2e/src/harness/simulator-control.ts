import { z } from 'zod';
import { httpCall } from './http-call.js';

const recordSchema = z.object({
  path: z.string(),
  key: z.string().optional(),
  model: z.string().optional(),
  prompt: z.string().optional(),
  receivedAt: z.number(),
  abortedAt: z.number().optional(),
  finishedAt: z.number().optional(),
  status: z.int().optional(),
  outcome: z.enum(['open', 'finished', 'aborted', 'cut']),
  bodyBytes: z.number(),
});

const answerSchema = z.object({
  satisfied: z.boolean(),
  counts: z.object({
    received: z.int(),
    open: z.int(),
    finished: z.int(),
    aborted: z.int(),
    cut: z.int(),
    failed: z.int(),
  }),
  concurrency: z.object({ perKey: z.array(z.object({ maximum: z.int(), received: z.int() })) }),
  requests: z.array(recordSchema),
});
export type SimulatedRequests = z.infer<typeof answerSchema>;

export interface RequestFilter {
  prompt?: string;
  model?: string;
  key?: string;
}

/** What the upstream saw, and what shall go wrong there. */
export class SimulatorControl {
  constructor(readonly url: string) {}

  async requests(filter: RequestFilter): Promise<SimulatedRequests> {
    return this.ask(new URLSearchParams({ ...filter }));
  }

  /** Fails when so many matching requests have not got as far as that in time. */
  async waitFor(
    state: 'received' | 'finished' | 'aborted' | 'cut',
    filter: RequestFilter,
    { withinMs = 10_000, count = 1 }: { withinMs?: number; count?: number } = {},
  ): Promise<SimulatedRequests> {
    const query = new URLSearchParams({
      ...filter,
      'wait-for': state,
      count: String(count),
      'timeout-ms': String(withinMs),
    });
    const answer = await this.ask(query);
    if (answer.satisfied) return answer;
    throw new Error(
      `the upstream has not seen ${count} ${state} within ${withinMs} ms: ${JSON.stringify(answer.counts)}`,
    );
  }

  async setKey(state: { key: string; state: string } & Record<string, unknown>): Promise<void> {
    await this.post('keys', state);
  }

  async addFault(rule: object): Promise<void> {
    await this.post('faults', rule);
  }

  private async post(path: string, body: object): Promise<void> {
    const { status, text } = await httpCall({ url: `${this.url}/__control/${path}`, body });
    if (status >= 300) throw new Error(`the simulator refuses ${path}: ${text}`);
  }

  private async ask(query: URLSearchParams): Promise<SimulatedRequests> {
    const answer = await httpCall({ url: `${this.url}/__control/requests?${query.toString()}` });
    return answerSchema.parse(answer.json());
  }
}
