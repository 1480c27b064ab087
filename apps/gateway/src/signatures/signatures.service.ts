import type { ChatRequest } from '@sluice/contracts/chat';
import type { SignatureStore } from '@sluice/domain-conversations/signature-store';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { findUpstream } from '@sluice/manifests/upstreams';
import type { Part } from '@sluice/contracts/part';
import type { AroundCall } from '../generations/around-call.js';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import { restoreSignatures, unsignedCalls } from './restore-signatures.js';
import { signedFields } from './signed-parts.js';

/** Remembers what clients drop of tool calls, for the upstreams that want it back. */
export class SignaturesService {
  constructor(
    private readonly store: SignatureStore,
    private readonly resolver: Pick<RouteResolver, 'resolve'>,
  ) {}

  /** The same call where there are no tools, or nobody signs their calls. */
  readonly around: AroundCall = (call, { context }) => {
    const { input } = call;
    if (input.kind !== 'chat' || call.dialect === 'gemini-generate' || !hasTools(input.request)) return call;
    const upstreams = this.resolver.resolve(input.request.model, 'chat').map(({ upstream }) => upstream);
    const signing = upstreams.filter((upstream) => findUpstream(upstream)?.signsToolCalls);
    if (signing.length === 0) return call;
    const remembering = this.remembering(call, context.keyId);
    const ids = unsignedCalls(input.request.messages);
    if (ids.length === 0) return remembering;
    return this.store.find({ ownerKeyId: context.keyId, upstreams: signing }, ids).then((signed) => {
      if (signed.size > 0) input.request.messages = restoreSignatures(input.request.messages, signed);
      return remembering;
    });
  };

  /** Of an answer that has ended. */
  async remember(parts: readonly Part[], ownerKeyId: string): Promise<void> {
    const signed = signedFields(parts);
    const upstream = upstreamOf(parts);
    if (signed.size > 0 && upstream !== undefined) await this.store.remember({ ownerKeyId, upstream }, signed);
  }

  private remembering(call: DecodedCall, ownerKeyId: string): DecodedCall {
    return {
      ...call,
      beforeEnd: async (parts, context) => {
        await this.remember(parts, ownerKeyId);
        await call.beforeEnd?.(parts, context);
      },
    };
  }
}

function hasTools({ tools, messages }: ChatRequest): boolean {
  return tools !== undefined || messages.some(({ role }) => role === 'tool');
}

function upstreamOf(parts: readonly Part[]): string | undefined {
  return parts.findLast((part) => part.type === 'attempt')?.upstream;
}
