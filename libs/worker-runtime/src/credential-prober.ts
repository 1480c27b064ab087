import { randomUUID } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { CredentialSource, LeaseOutcome } from '@sluice/domain-credentials/credential-source';
import type { CredentialHealth, Upstream } from '@sluice/upstream-kit/upstream';
import { createAccountContext } from './account-context.js';

export interface CredentialProberOptions<Credential> {
  upstream: Upstream<Credential>;
  clock: Clock;
  source: CredentialSource;
  /** Whose time for a look has come: those that were refused, and now and then each of the others. */
  due(): readonly { credentialId: string; isRefused: boolean }[];
  /** True for one replica. */
  takeTurn(credentialId: string, forMs: number): Promise<boolean>;
  /** What the look told: who the account is, what it has left. */
  keepLook(lease: Lease, health: CredentialHealth): Promise<void>;
  httpFor(lease: Lease): HttpPort;
  onError(error: unknown): void;
}

const EVERY_MS = 1_000;
const MOST_AT_ONCE = 20;
/** Shorter than the shortest pause between two looks at one credential. */
const TURN_MS = 4_000;
const CALL_TIMEOUT_MS = 15_000;

/** Looks at accounts by a cheap call, for all replicas: what was refused comes back without a client's request at risk. */
export class CredentialProber<Credential> {
  private readonly probing = new Set<string>();
  private cancelTimer: (() => void) | undefined;

  constructor(private readonly options: CredentialProberOptions<Credential>) {}

  start(): void {
    const { upstream, clock, due } = this.options;
    if (!upstream.probe && !upstream.models) return;
    this.cancelTimer = clock.after(EVERY_MS, () => {
      this.start();
      const free = MOST_AT_ONCE - this.probing.size;
      const next = due().filter(
        ({ credentialId, isRefused }) => !this.probing.has(credentialId) && (isRefused || upstream.probe),
      );
      for (const { credentialId } of next.slice(0, Math.max(0, free))) void this.probe(credentialId);
    });
  }

  stop(): void {
    this.cancelTimer?.();
  }

  private async probe(credentialId: string): Promise<void> {
    const { upstream, source, takeTurn, onError } = this.options;
    this.probing.add(credentialId);
    try {
      if (!(await takeTurn(credentialId, TURN_MS))) return;
      const request = {
        upstream: upstream.manifest.id,
        use: 'upkeep',
        model: '',
        generationId: `probe_${randomUUID()}`,
        pinned: credentialId,
      } as const;
      const answer = await source.lease(request);
      if (answer.type === 'leased') await source.release(answer.lease, await this.look(answer.lease));
    } catch (error) {
      onError(error);
    } finally {
      this.probing.delete(credentialId);
    }
  }

  private async look(lease: Lease): Promise<LeaseOutcome> {
    const { upstream, clock, httpFor, keepLook } = this.options;
    try {
      const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
      const context = createAccountContext({ upstream, lease, http: httpFor(lease), clock, signal });
      if (!upstream.probe) {
        await upstream.models?.(context);
        return { type: 'succeeded' };
      }
      const health = await upstream.probe(context);
      await keepLook(lease, health);
      if (health.isUsable) return { type: 'succeeded' };
      const reason = health.reason ?? 'The upstream says that this account cannot be used.';
      return { type: 'failed', error: new GatewayError('upstream_auth', reason).data };
    } catch (thrown) {
      const error = toGatewayError(thrown);
      // It let us in, and has no such list: that is answer enough.
      return LET_IN.has(error.code) ? { type: 'succeeded' } : { type: 'failed', error: error.data };
    }
  }
}

const LET_IN: ReadonlySet<string> = new Set([
  'not_found',
  'upstream_model_missing',
  'method_not_allowed',
  'invalid_request',
  'unsupported',
  'upstream_bad_answer',
]);
