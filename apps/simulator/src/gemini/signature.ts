const MARK = 'sim-signature:';

/** Accepted in place of a signature, for histories that come from elsewhere. */
const ESCAPES = new Set(['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go']);

/** The proof that a call, or a text, is the model's own. */
export function sign(subject: string): string {
  return Buffer.from(`${MARK}${subject}`).toString('base64');
}

/** True for what was signed for the same subject, and for the documented escapes. */
export function isSigned(signature: string, subject: string): boolean {
  return ESCAPES.has(signature) || Buffer.from(signature, 'base64').toString() === MARK + subject;
}
