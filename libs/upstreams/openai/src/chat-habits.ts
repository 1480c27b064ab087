import type { ChatHabits } from '@sluice/contracts/chat-habits';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';

/** OpenAI itself, and Azure's rendering of it. */
const OPENAI_HOST =
  /^https:\/\/(?:[\w-]+\.)?(?:api\.openai\.com|openai\.azure\.com|cognitiveservices\.azure\.com)(?:[:/]|$)/;

/** OpenAI's newer models take only its newer words, and refuse fields that it did not define. */
const OPENAI_HABITS: ChatHabits = {
  reasoningContent: 'omit',
  tokenLimit: 'max_completion_tokens',
  developerRole: 'developer',
};
/** Everybody else knows the older words, and not all know the newer ones. */
const COMMON_HABITS: ChatHabits = { reasoningContent: 'send', tokenLimit: 'max_tokens', developerRole: 'system' };

/** How bodies that we write are put for this account: as the operator says, else as its address suggests. */
export function habitsAt({ baseUrl, chatHabits }: Pick<AccountContext<unknown>, 'baseUrl' | 'chatHabits'>): ChatHabits {
  return { ...(OPENAI_HOST.test(baseUrl) ? OPENAI_HABITS : COMMON_HABITS), ...chatHabits };
}
