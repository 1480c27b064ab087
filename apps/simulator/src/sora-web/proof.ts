import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { readJsonBody } from '../openai/read-json-body.js';
import type { Handler, HandlerContext } from '../vendor.js';
import { enter, refusal } from './enter.js';

const askSchema = z.object({ p: z.string(), id: z.uuid(), flow: z.string().min(1) });
const shownSchema = z.strictObject({ p: z.string(), t: z.string(), c: z.string(), id: z.string(), flow: z.string() });
const DEVICE = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/;
const MARKER = 'wQ8Lk5FbGpA2NcR9dShT6gYjU7VxZ4D';

/** POST /backend-api/sentinel/req */
export const handleSentinel: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, askSchema);
  const { answered, fault } = await enter(exchange, context);
  if (answered) return;
  const { sora } = context.state;
  const puzzle = {
    token: `gAAAAAB${randomBytes(12).toString('hex')}`,
    seed: `0.${randomBytes(6).readUIntBE(0, 6)}`,
    difficulty: sora.proof.difficulty,
    isRequired: sora.proof.required,
    turnstile: sora.proof.turnstile ? 'dx' : '',
  };
  sora.puzzles.set(value.id, puzzle);
  const proofofwork = puzzle.isRequired
    ? { required: true, seed: puzzle.seed, difficulty: puzzle.difficulty }
    : { required: false };
  const turnstile = puzzle.turnstile === '' ? undefined : { dx: puzzle.turnstile };
  const answer = { token: puzzle.token, persona: 'chatgpt-sim', turnstile, proofofwork };
  await sendBody(exchange, JSON.stringify(answer), fault);
};

/** A write action shows a proof that is its own: nobody else's, and not shown before. */
export function checkProof({ request }: Exchange, { state }: HandlerContext): void {
  const shown = parse(request.headers['openai-sentinel-token']);
  const puzzle = shown && state.sora.puzzles.get(shown.id);
  if (shown) state.sora.puzzles.delete(shown.id);
  const isKnown =
    puzzle !== undefined && shown?.c === puzzle.token && shown.t === puzzle.turnstile && shown.p.endsWith('~S');
  const isDevice = DEVICE.test(String(request.headers['oai-device-id']));
  const isSolved = isKnown && (!puzzle.isRequired || isSolution(shown.p, puzzle));
  if (isSolved && isDevice) return;
  throw refusal(400, 'Unable to process request.', 'sentinel_block');
}

function isSolution(proof: string, { seed, difficulty }: { seed: string; difficulty: string }): boolean {
  if (!proof.startsWith('gAAAAAB')) return false;
  const solution = proof.slice('gAAAAAB'.length, -'~S'.length);
  if (solution.startsWith(MARKER)) return false;
  const digest = createHash('sha3-512')
    .update(seed + solution)
    .digest();
  const limit = Buffer.from(difficulty, 'hex');
  return digest.subarray(0, limit.length).compare(limit) <= 0;
}

function parse(header: string | string[] | undefined) {
  try {
    return shownSchema.parse(JSON.parse(String(header)));
  } catch {
    return undefined;
  }
}
