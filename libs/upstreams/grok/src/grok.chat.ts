import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { asKeyHolder, asSession, type GrokCredential } from './grok.credential.js';
import { webChat } from './web.chat.js';
import { lookedInto } from './web.doubt.js';
import { xaiChat } from './xai.chat.js';

/** By the way that the account is held. */
export function chat(request: ChatRequest, context: UpstreamContext<GrokCredential>): AsyncIterable<ChatPart> {
  const session = asSession(context);
  if (session) return lookedInto(webChat(request, session), session);
  return xaiChat(request, asKeyHolder(context));
}
