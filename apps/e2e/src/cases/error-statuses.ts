import type { SluiceClient } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';
import { sdkCallers } from './sdk-callers.js';
import type { SdkCaller, SdkFamily } from './sdk-callers.js';

/** The family's own word for a failure, or its status where that differs from the others'. */
interface ToldAs {
  status: number;
  types: Record<SdkFamily, string>;
  statuses?: Partial<Record<SdkFamily, number>>;
  /** OpenAI's, and of none of the others. */
  code: string | null;
}

export interface ErrorStatus extends ToldAs {
  title: string;
  /** The families that have a way to it. */
  families?: readonly SdkFamily[];
  provoke(caller: SdkCaller, client: SluiceClient): Promise<unknown>;
}

const INVALID = { openai: 'invalid_request_error', anthropic: 'invalid_request_error', google: 'INVALID_ARGUMENT' };
const BROKEN = { openai: 'server_error', anthropic: 'api_error', google: 'INTERNAL' };
const LIMITED = { openai: 'rate_limit_error', anthropic: 'rate_limit_error', google: 'RESOURCE_EXHAUSTED' };
const OVERLOADED = { openai: 'service_unavailable_error', anthropic: 'overloaded_error', google: 'UNAVAILABLE' };
const MISSING = { openai: 'invalid_request_error', anthropic: 'not_found_error', google: 'NOT_FOUND' };
/** More than a gateway takes. */
const TOO_MANY_CHARACTERS = 70_000_000;

/** Every status that a client can meet in front of a sound gateway, however it comes about. */
export const ERROR_STATUSES: readonly ErrorStatus[] = [
  upstream('the upstream finds fault with the request', 'status=400', { status: 400, types: INVALID, code: null }),
  {
    title: 'a bad key',
    status: 401,
    types: { openai: 'invalid_request_error', anthropic: 'authentication_error', google: 'UNAUTHENTICATED' },
    code: 'invalid_api_key',
    provoke: ({ name, family }, { run }) => {
      const stranger = sdkCallers({ ...run, apiKey: 'sk-wrong' }).find((caller) => caller.name === name);
      if (!stranger) throw new Error(`no ${name}`);
      return stranger.post(...chatCall({ family, model: 'sim-chat', prompt: 'hello' }));
    },
  },
  {
    title: 'a link that was tampered with',
    families: ['openai'],
    status: 403,
    types: { openai: 'invalid_request_error', anthropic: '', google: '' },
    code: 'permission_denied',
    provoke: (caller, { run }) => caller.get(`${run.gateway}/media/a.png?expires=9999999999999&signature=x`),
  },
  {
    title: 'an unknown model',
    status: 404,
    types: MISSING,
    code: 'model_not_found',
    provoke: (caller) => caller.post(...chatCall({ family: caller.family, model: 'no-such-model', prompt: 'hello' })),
  },
  {
    title: 'an unknown path',
    status: 404,
    types: MISSING,
    code: null,
    provoke: (caller) => caller.post(PATHS[caller.family].unknown, {}),
  },
  {
    title: 'a path that is asked in another way',
    status: 404,
    types: MISSING,
    code: null,
    provoke: (caller) => caller.get(PATHS[caller.family].postOnly),
  },
  {
    title: 'the same key for a call that is still running',
    status: 409,
    types: { openai: 'invalid_request_error', anthropic: 'conflict_error', google: 'ABORTED' },
    code: 'idempotency_in_progress',
    provoke: askTwiceAtOnce,
  },
  {
    title: 'too large a body',
    status: 413,
    types: { ...INVALID, anthropic: 'request_too_large' },
    code: 'request_too_large',
    provoke: (caller) => {
      const prompt = 'x'.repeat(TOO_MANY_CHARACTERS);
      return caller.post(...chatCall({ family: caller.family, model: 'sim-chat', prompt }));
    },
  },
  {
    title: 'no JSON',
    status: 415,
    types: INVALID,
    code: 'unsupported_media_type',
    provoke: (caller) => {
      const [path, body] = chatCall({ family: caller.family, model: 'sim-chat', prompt: 'hello' });
      return caller.post(path, body, { 'content-type': 'application/xml' });
    },
  },
  {
    title: 'the same key for another call',
    status: 422,
    types: INVALID,
    code: 'idempotency_key_reuse',
    provoke: askTwiceWithOneKey,
  },
  upstream('the upstream has had enough', 'status=429', { status: 429, types: LIMITED, code: 'rate_limit_exceeded' }),
  upstream('the upstream fails', 'status=500', {
    status: 502,
    types: { ...BROKEN },
    code: 'upstream_error',
  }),
  upstream('the upstream refuses our account', 'status=401', {
    status: 502,
    types: { ...BROKEN, google: 'UNAVAILABLE' },
    code: 'upstream_auth',
  }),
  upstream('the upstream has too much to do', 'status=503', {
    status: 503,
    statuses: { anthropic: 529 },
    types: OVERLOADED,
    code: 'server_is_overloaded',
  }),
  upstream('nobody pays the upstream any more', 'status=429,error-code=insufficient_quota', {
    status: 503,
    types: { ...OVERLOADED, anthropic: 'api_error' },
    code: 'upstream_quota_exhausted',
  }),
  upstream(
    'the upstream takes too long',
    'status=504',
    {
      status: 504,
      types: { openai: 'server_error', anthropic: 'timeout_error', google: 'DEADLINE_EXCEEDED' },
      code: 'upstream_timeout',
    },
    'gemini',
  ),
];

const PATHS: Record<SdkFamily, { chat: (model: string) => string; postOnly: string; unknown: string }> = {
  openai: { chat: () => '/chat/completions', postOnly: '/embeddings', unknown: '/no/such/path' },
  anthropic: { chat: () => '/v1/messages', postOnly: '/v1/messages', unknown: '/v1/messages/no/such/path' },
  google: {
    chat: (model) => `models/${model}:generateContent`,
    postOnly: 'models/sim-chat:generateContent',
    unknown: 'no/such/path',
  },
};

/** A prompt in the family's own words: its path and its body. */
function chatCall({ family, model, prompt }: { family: SdkFamily; model: string; prompt: string }) {
  const messages = [{ role: 'user', content: prompt }];
  const bodies: Record<SdkFamily, object> = {
    openai: { model, messages },
    anthropic: { model, max_tokens: 100, messages },
    google: { contents: [{ role: 'user', parts: [{ text: prompt }] }] },
  };
  return [PATHS[family].chat(model), bodies[family]] as const;
}

/** By a credential of its own, whose state is nobody else's business. */
function upstream(title: string, markers: string, told: ToldAs, kind: 'openai' | 'gemini' = 'openai'): ErrorStatus {
  return {
    title,
    ...told,
    provoke: async (caller, { admin, run }) => {
      const gemini = { upstream: 'gemini', baseUrl: `${run.simulator ?? ''}/gemini` };
      const { model } = await admin.createModel(kind === 'gemini' ? gemini : {});
      return caller.post(...chatCall({ family: caller.family, model, prompt: `fails [[sim:${markers}]]` }));
    },
  };
}

async function askTwiceWithOneKey(caller: SdkCaller): Promise<unknown> {
  const headers = { 'idempotency-key': unique('key') };
  const ask = (prompt: string) =>
    caller.post(...chatCall({ family: caller.family, model: 'sim-chat', prompt }), headers);
  await ask('one');
  return ask('another');
}

/** Whichever comes second is refused, and the first is not left alone. */
async function askTwiceAtOnce(caller: SdkCaller): Promise<unknown> {
  const headers = { 'idempotency-key': unique('key') };
  const prompt = 'slow [[sim:first-byte-delay-ms=1000]]';
  const ask = () => caller.post(...chatCall({ family: caller.family, model: 'sim-chat', prompt }), headers);
  const asked = await Promise.allSettled([ask(), ask()]);
  const refused = asked.filter((each) => each.status === 'rejected');
  if (refused.length === 1) throw refused[0]?.reason;
  return asked;
}
