import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { readJson } from '@sluice/upstream-kit/read-json';
import { randomUUID } from 'node:crypto';
import { asUnpaid, CHALLENGED, toWebFailure } from './web.error.js';
import type { ProofOfWork, Puzzle } from './web.proof-of-work.js';
import { callWebJson, siteOf, webHeaders, type WebAccount, type WebCall } from './web.request.js';

const FLOW = 'sora_2_create_task';
const FIRST_DIFFICULTY = '0fffff';
const FIRST = 'gAAAAAC';
const FINAL = 'gAAAAAB';
const ENDING = '~S';
/** In place of a solution where there was none within the bound: whether it insists is the site's to say. */
const UNSOLVED = 'wQ8Lk5FbGpA2NcR9dShT6gYjU7VxZ4D';
const MAXIMUM_ANSWER_BYTES = 1024 * 1024;

/** A call that wants a proof of work with it. A token that is refused is followed by another one, once. */
export async function callProtected(call: WebCall, context: WebAccount, proofOfWork: ProofOfWork): Promise<Json> {
  for (let isAgain = false; ; isAgain = true) {
    const { sentinel, isSolved } = await sentinelToken(context, proofOfWork);
    try {
      return await callWebJson({ ...call, sentinel }, context);
    } catch (thrown) {
      // The site refuses it before it looks at the call.
      if (!(thrown instanceof GatewayError) || thrown.data.reason !== CHALLENGED) throw thrown;
      if (!isSolved) throw unsolved(thrown);
      if (isAgain) throw thrown;
    }
  }
}

async function sentinelToken(
  context: WebAccount,
  proofOfWork: ProofOfWork,
): Promise<{ sentinel: string; isSolved: boolean }> {
  let isSolved = true;
  const solve = async (seed: string, difficulty: string): Promise<string> => {
    const solution = await proofOfWork.solve({ seed, difficulty }, context.signal);
    if (solution !== undefined) return solution;
    isSolved = false;
    return UNSOLVED + Buffer.from(JSON.stringify(seed)).toString('base64');
  };
  const id = randomUUID();
  const first = FIRST + (await solve(String(Math.random()), FIRST_DIFFICULTY));
  const { token, turnstile, puzzle } = await ask({ p: first, id, flow: FLOW }, context);
  const proof = puzzle === undefined ? first : FINAL + (await solve(puzzle.seed, puzzle.difficulty));
  const p = proof.endsWith(ENDING) ? proof : proof + ENDING;
  return { sentinel: JSON.stringify({ p, t: turnstile, c: token, id, flow: FLOW }), isSolved };
}

function unsolved(cause: GatewayError): GatewayError {
  const message = "The upstream's proof of work could not be solved, and it insists on one.";
  return new GatewayError('challenge_required', message, { saw: 'refused', reason: 'proof_of_work_unsolved', cause });
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
    puzzle: required === false ? undefined : puzzleOf(seed, difficulty),
  };
}

/** A seed may come as the number that it is. */
function puzzleOf(seed: Json | undefined, difficulty: Json | undefined): Puzzle | undefined {
  const isSeed = typeof seed === 'string' || typeof seed === 'number';
  return isSeed && typeof difficulty === 'string' ? { seed: String(seed), difficulty } : undefined;
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
