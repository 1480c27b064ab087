import type { Clock } from '@sluice/contracts/clock';
import type { CredentialUse } from '@sluice/contracts/credential';
import type { Dialect } from '@sluice/contracts/dialect';
import type {
  DurableGeneration,
  DurableInput,
  DurableSubmission,
  IdempotencyClaim,
} from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { createGenerationId, generationTimeMs } from '@sluice/contracts/generation-id';
import type { Target } from '@sluice/contracts/route';
import type { Alongside, DurableGenerations } from '@sluice/domain-generations/durable-generations';
import type { SoraNamesBind } from '@sluice/domain-settings/sora-names-bind';
import { needsOf, NO_NEEDS } from '@sluice/domain-routing/request-needs';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { CallContext } from '../http/call-context.js';
import { fileTargets } from '../files/file-targets.js';
import { ableTargets } from '../sora-clients/able-targets.js';
import { type NameRule, withNamedShape } from '../sora-clients/named-shape.js';
import { keyInProgress, keyMismatch } from '../idempotency/idempotency-errors.js';

/** A decoded call for something durable. */
export interface DurableCall {
  dialect: Dialect;
  input: DurableInput;
  reservation: DurableSubmission['reservation'];
  /** Made with `claimOf`. */
  idempotency?: IdempotencyClaim | undefined;
  /** The account that owns what it starts from; `targets` then names where that is. */
  pinned?: { credentialId: string; target: Target } | undefined;
  /** What counts where the call says other than its model's name; without one they have to agree. */
  nameRule?: NameRule;
  /** From now on; without one the default of its kind. */
  deadlineMs?: number | undefined;
  /** Chosen ahead where something had to be stored under it before. */
  id?: string;
  /** Written in the commit that accepts it. */
  alongside?: Alongside;
}

export interface DurableAnswer {
  generation: DurableGeneration;
  /** The same call came before: to be told with `Idempotent-Replayed: true`. */
  isReplayed: boolean;
}

const USE_OF_KIND = { video: 'video', image: 'image', character: 'character', chat: 'chat' } as const satisfies Record<
  DurableInput['kind'],
  CredentialUse
>;
const DEFAULT_DEADLINE_MS = 24 * 60 * 60_000;

/** Admits durable calls: route, then one commit. Nothing is waited for but the disk. */
export class DurablePipeline {
  constructor(
    private readonly options: {
      resolver: RouteResolver;
      generations: DurableGenerations;
      /** Checks the URL that a call names, and answers how it is kept; throws `invalid_request`. */
      admitWebhook?: ((keyId: string, url: string) => Promise<string>) | undefined;
      /** How long what is made of such a call may take, as the operator says now. */
      lifeMs?: ((kind: DurableInput['kind']) => number | undefined) | undefined;
      /** Names of Sora's clients are taken at their word so far; absent: in all. */
      soraNamesBind?: (() => SoraNamesBind) | undefined;
      clock: Clock;
    },
  ) {}

  async submit(call: DurableCall, context: CallContext): Promise<DurableAnswer> {
    const { resolver, generations, admitWebhook, clock } = this.options;
    const { pinned, idempotency } = call;
    const input = withNamedShape(call.input, call.nameRule ?? 'agree', this.options.soraNamesBind?.());
    const webhookUrl = context.webhookUrl && (await admitWebhook?.(context.keyId, context.webhookUrl));
    const { model } = input.request;
    // An id tells when it was made: cursors depend on it.
    const createdAtMs = (call.id === undefined ? undefined : generationTimeMs(call.id)) ?? clock.now();
    const needs = () => (input.kind === 'chat' ? needsOf(input) : NO_NEEDS);
    const made: DurableSubmission = {
      id: call.id ?? createGenerationId(createdAtMs),
      ownerKeyId: context.keyId,
      dialect: call.dialect,
      model,
      targets: ableTargets(
        input,
        fileTargets(input, pinned ? [pinned.target] : resolver.resolve(model, USE_OF_KIND[input.kind], needs)),
        resolver,
      ),
      ...(pinned && { pinnedCredentialId: pinned.credentialId }),
      input,
      reservation: reservationOf(call, input),
      ...(idempotency && { idempotency }),
      ...(webhookUrl && { webhookUrl }),
      requestId: context.requestId,
      traceparent: context.traceparent,
      createdAtMs,
      deadlineAtMs: createdAtMs + (call.deadlineMs ?? this.options.lifeMs?.(input.kind) ?? DEFAULT_DEADLINE_MS),
    };
    const submission = await generations.submit(made, call.alongside);
    if (submission.type === 'mismatch') throw keyMismatch();
    if (submission.type === 'in-progress') throw keyInProgress();
    return { generation: submission.generation, isReplayed: submission.type === 'replayed' };
  }

  /** A generation of the caller's; another's is as unknown as none. */
  async owned(id: string, context: Pick<CallContext, 'keyId'>): Promise<DurableGeneration> {
    const generation = await this.options.generations.find(id, context.keyId);
    if (!generation) throw new GatewayError('not_found', `No generation with the id '${id}'.`, { param: 'id' });
    return generation;
  }
}

/** As long as the model's name says, where the call itself does not say it. */
function reservationOf({ reservation }: DurableCall, input: DurableInput): DurableSubmission['reservation'] {
  if (input.kind !== 'video' || reservation.unit !== 'second') return reservation;
  return { unit: 'second', amount: input.request.durationSeconds ?? reservation.amount };
}
