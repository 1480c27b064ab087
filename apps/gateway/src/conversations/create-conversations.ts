import type { Clock } from '@sluice/contracts/clock';
import { ConversationStore } from '@sluice/domain-conversations/conversation-store';
import { SignatureStore } from '@sluice/domain-conversations/signature-store';
import { TurnCache } from '@sluice/domain-conversations/turn-cache';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { Settings } from '@sluice/domain-settings/settings';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import type { Redis } from '@sluice/platform-redis/redis';
import { inTurn, type AroundCall } from '../generations/around-call.js';
import { SignaturesService } from '../signatures/signatures.service.js';
import { ConversationsService } from './conversations.service.js';

/** Longer than any answer takes: what a call has read is not purged before its turn is added. */
const GRACE_MS = 2 * 60 * 60_000;
const SIGNATURES_KEPT_MS = 7 * 24 * 60 * 60_000;

export interface Conversations {
  service: ConversationsService;
  /** Done around every call: the conversation first, whose messages may want their signatures and files, too. */
  around: AroundCall;
  /** What clients drop of an answer, for one that nobody waited for. */
  remember: SignaturesService['remember'];
  /** Drops what is past its time. */
  purge(): Promise<unknown>;
}

export function createConversations(options: {
  postgres: Queryable;
  redis: Redis;
  prefix: string;
  settings: Settings;
  resolver: RouteResolver;
  /** What is done to a call before anything is remembered of it. */
  beforehand: AroundCall;
  /** What is done to the messages of all turns. */
  afterwards: AroundCall;
  clock: Clock;
  onError(error: unknown): void;
}): Conversations {
  const { postgres, redis, prefix, settings, resolver, beforehand, afterwards, clock, onError } = options;
  const limits = () => ({
    idleMs: settings.get('SESSION_IDLE_MS'),
    maxTurns: settings.get('SESSION_MAX_TURNS'),
    maxBytes: settings.get('SESSION_MAX_BYTES'),
  });
  const store = new ConversationStore({ postgres, cache: new TurnCache(redis, prefix), clock, limits, onError });
  const signatures = new SignatureStore(postgres, clock);
  const service = new ConversationsService(store, settings);
  const signing = new SignaturesService(signatures, resolver);
  return {
    service,
    around: inTurn(beforehand, inTurn(inTurn(service.around, signing.around), afterwards)),
    remember: (parts, ownerKeyId) => signing.remember(parts, ownerKeyId),
    purge: () => Promise.all([store.purge(GRACE_MS), signatures.purge(SIGNATURES_KEPT_MS)]),
  };
}
