import { answerMessage } from '@sluice/domain-conversations/answer-message';
import type { ConversationKey } from '@sluice/domain-conversations/conversation-key';
import type { ConversationStore } from '@sluice/domain-conversations/conversation-store';
import type { Settings } from '@sluice/domain-settings/settings';
import type { Dialect } from '@sluice/contracts/dialect';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import type { AroundCall, CalledWith } from '../generations/around-call.js';
import { fitHistory, joinHistory, joinNativeHistory, newMessages } from './join-history.js';
import { SESSION_HEADER, selectSession } from './select-session.js';

const DIALECTS = new Set<Dialect>(['openai-chat', 'anthropic-messages']);
/** Understood here, and nothing that an upstream should see. */
const SESSION_FIELDS = new Set(['session_id', 'user_id']);

/** Conversations that go on without being sent again, in every dialect that has no word for them. */
export class ConversationsService {
  constructor(
    private readonly store: ConversationStore,
    private readonly settings: Pick<Settings, 'get'>,
  ) {}

  /** The same call, at once, where it names no session. */
  readonly around: AroundCall = (call, called) => {
    if (!DIALECTS.has(call.dialect)) return call;
    const { settings } = this;
    const conversation = selectSession({
      header: called.header(SESSION_HEADER),
      body: called.body,
      rules: { byBody: settings.get('SESSION_BY_BODY'), byUser: settings.get('SESSION_BY_USER') },
    });
    return conversation === undefined ? call : this.continued(call, called, conversation);
  };

  /** What is remembered under a name. */
  async read(key: ConversationKey) {
    const turns = await this.store.read(key);
    const last = turns.at(-1);
    if (!last) return undefined;
    return {
      id: key.conversation,
      object: 'session',
      turns: turns.length,
      bytes: turns.reduce((sum, { bytes }) => sum + bytes, 0),
      lastTurnAt: new Date(last.createdAtMs).toISOString(),
      expiresAt: new Date(last.createdAtMs + this.settings.get('SESSION_IDLE_MS')).toISOString(),
    };
  }

  clear(key: ConversationKey): Promise<number> {
    return this.store.clear(key);
  }

  private async continued(call: DecodedCall, called: CalledWith, conversation: string): Promise<DecodedCall> {
    const { input } = call;
    if (input.kind !== 'chat') return call;
    const key = { ownerKeyId: called.context.keyId, conversation };
    const turns = await this.store.read(key);
    const said = newMessages(input.request);
    const history = fitHistory(
      turns.flatMap(({ messages }) => messages),
      said,
    );
    // In place, since the dialect estimates tokens by the same request.
    input.request.messages = joinHistory(input.request.messages, history);
    const native = input.native && joinNativeHistory(input.native, history);
    return {
      ...call,
      input: { ...input, ...(native && { native }) },
      ignored: call.ignored.filter((field) => !SESSION_FIELDS.has(field)),
      headers: { ...call.headers, [SESSION_HEADER]: conversation },
      addedBytes: turns.reduce((sum, { bytes }) => sum + bytes, call.addedBytes ?? 0),
      beforeEnd: async (parts, context) => {
        await call.beforeEnd?.(parts, context);
        const answer = parts.at(-1)?.type === 'failed' ? undefined : answerMessage(parts);
        if (answer) await this.store.append(key, [...said, answer]);
      },
    };
  }
}
