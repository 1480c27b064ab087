import { GatewayError } from '@sluice/contracts/gateway-error';

/** Google's reason, in words. */
const WORDS = new Map(
  Object.entries<string>({
    SAFETY: 'for safety',
    IMAGE_SAFETY: 'for safety: the picture itself was held back',
    PROHIBITED_CONTENT: 'as prohibited content',
    IMAGE_PROHIBITED_CONTENT: 'as prohibited content: the picture itself was held back',
    RECITATION: 'as too close to a known work',
    IMAGE_RECITATION: 'as too close to a known work',
    NO_IMAGE: 'and answered with words',
    BLOCKLIST: 'for a word on a block list',
    SPII: 'for personal data in it',
    LANGUAGE: 'for its language',
  }),
);

interface Refusal {
  /** `IMAGE_SAFETY`, `blockReason:SAFETY` … */
  native: string | undefined;
  /** What was said instead. */
  text?: string;
  /** The client's field that holds the prompt. */
  promptField?: string;
}

/** What was asked for is not made, and another attempt would end the same. */
export function refusedContent(
  what: string,
  { native = 'SAFETY', text = '', promptField = 'prompt' }: Refusal,
): GatewayError {
  const isPrompt = native.startsWith('blockReason:');
  const reason = isPrompt ? native.slice('blockReason:'.length) : native;
  const said = text.trim() === '' ? '' : ` It said: ${text.trim().slice(0, LONGEST_TEXT)}`;
  const message = `Gemini refused ${isPrompt ? 'the prompt' : `the ${what}`} ${WORDS.get(reason) ?? 'by its rules'} (${reason}).${said}`;
  return new GatewayError('content_refused', message, {
    saw: 'refused',
    upstreamCode: reason,
    ...(isPrompt && { param: promptField }),
  });
}

const LONGEST_TEXT = 500;
