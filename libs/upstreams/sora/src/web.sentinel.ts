import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { readJson } from '@sluice/upstream-kit/read-json';
import { randomUUID } from 'node:crypto';
import { asUnpaid, CHALLENGED, toWebFailure } from './web.error.js';
import type { ProofOfWork } from './web.proof-of-work.js';
import { callWebJson, siteOf, webHeaders, type WebAccount, type WebCall } from './web.request.js';

const FLOW = 'sora_2_create_task';
const FIRST_DIFFICULTY = '0fffff';
const FIRST = 'gAAAAAC';
const FINAL = 'gAAAAAB';
const ENDING = '~S';
const MAXIMUM_ANSWER_BYTES = 1024 * 1024;

/** A call that wants a proof of work with it. A token that is refused is followed by another one, once. */
export async function callProtected(call: WebCall, context: WebAccount, proofOfWork: ProofOfWork): Promise<Json> {
  const attempt = async (): Promise<Json> =>
    callWebJson({ ...call, sentinel: await sentinelToken(context, proofOfWork) }, context);
  try {
    return await attempt();
  } catch (thrown) {
    // The site refuses it before it looks at the call.
    if (!(thrown instanceof GatewayError) || thrown.data.reason !== CHALLENGED) throw thrown;
    return attempt();
  }
}

async function sentinelToken(context: WebAccount, proofOfWork: ProofOfWork): Promise<string> {
  const solve = async (seed: string, difficulty: string): Promise<string> => {
    const solution = await proofOfWork.solve({ seed, difficulty }, context.signal);
    if (solution !== undefined) return solution;
    throw new GatewayError('challenge_required', "The upstream's proof of work could not be solved.", {
      saw: 'refused',
      reason: 'proof_of_work_unsolved',
    });
  };
  const id = randomUUID();
  const first = FIRST + (await solve(String(Math.random()), FIRST_DIFFICULTY));
  const { token, turnstile, puzzle } = await ask({ p: first, id, flow: FLOW }, context);
  const proof = puzzle === undefined ? first : FINAL + (await solve(puzzle.seed, puzzle.difficulty));
  return JSON.stringify({
    p: proof.endsWith(ENDING) ? proof : proof + ENDING,
    t: turnstile,
    c: token,
    id,
    flow: FLOW,
  });
}

async function ask(body: { p: string; id: string; flow: string }, context: WebAccount) {
  const answer = await post(body, context).catch((thrown: unknown) => {
    throw asUnpaid(thrown);
  });
  const { token, turnstile, proofofwork } = isJsonObject(answer) ? answer : {};
  const { required, seed, difficulty } = isJsonObject(proofofwork) ? proofofwork : {};
  if (typeof token !== 'string')
    throw new GatewayError('upstream_bad_answer', 'The upstream gave no token for a proof of work.', {
      saw: 'refused',
    });
  const dx = isJsonObject(turnstile) ? turnstile['dx'] : undefined;
  return {
    token,
    turnstile: typeof dx === 'string' ? dx : '',
    puzzle:
      required === true && typeof seed === 'string' && typeof difficulty === 'string'
        ? { seed, difficulty }
        : undefined,
  };
}

async function post(body: object, context: WebAccount): Promise<Json> {
  const response = await context.http.request({
    method: 'POST',
    url: `${siteOf(context)}/backend-api/sentinel/req`,
    headers: { ...webHeaders(context), 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: context.signal,
  });
  if (response.status < 200 || response.status >= 300) throw await toWebFailure(response, context.clock.now());
  return readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES });
}
