/** What a model says, before any vendor has put it into events. */
export interface AnswerPlan {
  thoughts: readonly string[];
  texts: readonly string[];
  /** The input is JSON only when all its pieces are together. */
  calls: readonly { id: string; name: string; pieces: readonly string[] }[];
}

const THOUGHTS = 200;
const TEXTS = 600;
const CALLS = 3;
const PIECES_PER_CALL = 60;

/** The answer of a coding agent's model: it thinks, explains, and writes a few files at once. */
export const answerPlan: AnswerPlan = {
  thoughts: Array.from({ length: THOUGHTS }, (_, index) => ` thought ${index}`),
  texts: Array.from({ length: TEXTS }, (_, index) => ` "word" ${index}\n`),
  calls: Array.from({ length: CALLS }, (_, call) => ({
    id: `call_${call}`,
    name: 'write_file',
    pieces: piecesOf(call),
  })),
};

function piecesOf(call: number): string[] {
  const lines = Array.from({ length: PIECES_PER_CALL }, (_, line) => `if (a) { b[${line}] = {}; }\\n`);
  return [`{"path":"src/${call}.ts","text":"`, ...lines, '"}'];
}
