import { z } from 'zod';
import { expectSuccess } from '../harness/admin-client.js';
import { httpCall } from '../harness/http-call.js';
import type { SluiceClient } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';

const MODELS = {
  video: 'sora-2',
  pro: 'sora-2-pro',
  image: 'gpt-image',
  enhance: 'prompt-enhance-short-10s',
} as const;

/** Names that lead to sessions and to nobody else: whoever makes videos would serve Sora's own names too. */
export async function routeToSessions(client: SluiceClient): Promise<Record<keyof typeof MODELS, string>> {
  const names = Object.entries(MODELS).map(([work, model]) => ({ work, model, name: unique(`session-${work}`) }));
  for (const { name, model } of names) {
    const targets = [{ upstream: 'sora', model, kind: 'session' }];
    expectSuccess(await client.admin.call('PUT', `/routes/${name}`, { targets }));
  }
  return Object.fromEntries(names.map(({ work, name }) => [work, name])) as Record<keyof typeof MODELS, string>;
}

export interface OwnSession {
  id: string;
  /** What the simulated site calls it: "pro" in it makes one that has everything. */
  account: string;
}

/** An account of the simulated website, held by the tokens that are named. It stays: a film of another test may be in it. */
export async function createSoraSession(
  client: SluiceClient,
  {
    word = 'plus',
    tokens,
    settings,
    models,
  }: {
    word?: string;
    tokens(account: string): object;
    settings?: object;
    /** Names that no other account has, whoever else comes and goes. */
    models?: readonly string[];
  },
): Promise<OwnSession> {
  const account = unique(word).replaceAll(/[^\w]+/g, '_');
  const body = {
    upstream: 'sora',
    kind: 'session',
    label: account,
    secret: tokens(account),
    baseUrl: `${client.run.simulator ?? ''}/sora`,
    allowPrivateNetwork: true,
    limits: { video: 3 },
    ...(settings && { settings }),
    ...(models && { models }),
  };
  const { id } = z
    .object({ id: z.string() })
    .parse(expectSuccess(await client.admin.call('POST', '/credentials', body)));
  return { id, account };
}

const shownSchema = z.object({
  submissions: z.array(z.object({ prompt: z.string(), accepted: z.number() })),
  tasks: z.array(
    z.object({
      account: z.string(),
      operation: z.string(),
      prompt: z.string(),
      model: z.string(),
      isDeleted: z.boolean(),
      request: z.object({
        inpaint_items: z.array(z.record(z.string(), z.string())).optional(),
        cameo_ids: z.array(z.string()).nullish(),
      }),
    }),
  ),
  references: z.array(z.object({ account: z.string(), name: z.string() })),
  busiest: z.record(z.string(), z.number()),
});

/** What the simulated website took on. */
export async function readSoraTasks(simulator: string, prompt: string): Promise<z.infer<typeof shownSchema>> {
  const answer = await httpCall({ url: `${simulator}/__control/sora?prompt=${encodeURIComponent(prompt)}` });
  return shownSchema.parse(answer.json());
}
