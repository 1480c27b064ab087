import { z } from 'zod';
import { expectSuccess } from '../../harness/admin-client.js';
import { eventually } from '../../harness/eventually.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { unique } from '../../harness/unique.js';

/** Who serves, alone, and what it can make of what Sora's names ask for. */
export interface LoneTarget {
  title: string;
  credential(simulator: string): object;
  /** So many of them: what one may make in a day is less than all the names. */
  accounts?: number;
  upstream: string;
  /** Undefined: it is made. Else what the refusal says of what can be made. */
  refuses(film: { seconds: number; isLarge: boolean }): RegExp | undefined;
  /** A length that it makes; the API's own default is not everybody's. */
  seconds: number;
  draws: boolean;
  writesPrompts: boolean;
  /** By what of `/v1/videos` a film of its own can be gone on from, and how long that may be. */
  derives: Readonly<Partial<Record<'remix' | 'edit' | 'extend', number | undefined>>>;
  /** A model of it that talks. */
  talker?: string;
}

const label = 'of the only target';

export const LONE_TARGETS: readonly LoneTarget[] = [
  {
    title: 'a vendor of /v1/videos',
    upstream: 'sora',
    credential: (simulator) => ({
      upstream: 'sora',
      kind: 'videos-api',
      label,
      secret: { apiKey: unique('sk') },
      baseUrl: `${simulator}/v1`,
      models: ['sim-video'],
    }),
    refuses: () => undefined,
    seconds: 8,
    draws: false,
    writesPrompts: false,
    derives: { remix: undefined, edit: undefined, extend: 8 },
  },
  {
    title: 'a session',
    upstream: 'sora',
    credential: (simulator) => ({
      upstream: 'sora',
      kind: 'session',
      label,
      secret: { sessionToken: `sim-st-${unique('pro')}` },
      baseUrl: `${simulator}/sora`,
      settings: { plan: 'pro' },
      limits: { video: 3 },
    }),
    accounts: 6,
    refuses: () => undefined,
    seconds: 10,
    draws: true,
    writesPrompts: true,
    derives: { remix: undefined, extend: 15 },
  },
  {
    title: 'Veo',
    upstream: 'gemini',
    credential: (simulator) => ({
      upstream: 'gemini',
      kind: 'api-key',
      label,
      secret: { apiKey: unique('key') },
      baseUrl: `${simulator}/gemini`,
    }),
    refuses: () => /4, 6, 8/,
    seconds: 8,
    draws: true,
    writesPrompts: false,
    derives: { extend: 7 },
    talker: 'sim-gemini-3.5-flash',
  },
  {
    title: 'Grok Imagine',
    upstream: 'grok',
    credential: (simulator) => ({
      upstream: 'grok',
      kind: 'api-key',
      label,
      secret: { apiKey: unique('key') },
      baseUrl: `${simulator}/xai/v1`,
    }),
    refuses: ({ seconds, isLarge }) => (seconds > 15 ? /1 to 15/ : isLarge ? /480p, 720p/ : undefined),
    seconds: 8,
    draws: true,
    writesPrompts: false,
    derives: { edit: undefined, extend: 8 },
    talker: 'sim-grok-4.5',
  },
];

const identified = z.array(z.object({ id: z.string() }));
const credentialsSchema = z.object({ credentials: identified });
const modelsSchema = z.object({ data: identified });

/** Nobody else is left, and its models are known. */
export async function leaveAlone(client: SluiceClient, target: LoneTarget): Promise<void> {
  const { admin, run } = client;
  const { credentials } = credentialsSchema.parse(expectSuccess(await admin.call('GET', '/credentials')));
  for (const { id } of credentials) expectSuccess(await admin.call('DELETE', `/credentials/${id}`));
  for (let left = target.accounts ?? 1; left > 0; left -= 1) {
    const body = { ...target.credential(run.simulator ?? ''), allowPrivateNetwork: true };
    expectSuccess(await admin.call('POST', '/credentials', body));
  }
  await eventually(`${target.title} is listed`, async () => {
    const { data } = modelsSchema.parse((await client.call('/v1/models')).json());
    const names = data.map(({ id }) => id);
    return names.includes('sora2-landscape-10s') && (!target.draws || names.includes('gpt-image'));
  });
}
