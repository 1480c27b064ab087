import type { Clock } from '@sluice/contracts/clock';
import type { LeaseOutcome } from '@sluice/domain-credentials/credential-source';
import { showProxyUrl } from '@sluice/domain-credentials/proxy-url';
import type { RefusedWay, WayHealth } from '@sluice/domain-credentials/way-health';
import type { WayOut } from './way-choice.js';

const FIRST_AVOIDED_MS = 5 * 60_000;
const LONGEST_AVOIDED_MS = 60 * 60_000;

interface Refused {
  told: RefusedWay;
  avoidedUntilMs: number;
}

/**
 * Sees which ways out an upstream refuses, whoever goes there: it is written down for operators, and accounts that need not
 * go that way do not, for 5 minutes doubling to an hour. The first who comes through ends it.
 */
export class WayWatch {
  /** By the whole URL; empty: straight out. */
  private readonly refused = new Map<string, Refused>();
  /** Which way each account went last. */
  private readonly gone = new Map<string, WayOut>();

  constructor(
    private readonly options: {
      upstream: string;
      health: Pick<WayHealth, 'note'>;
      clock: Pick<Clock, 'now'>;
      onError(error: unknown): void;
    },
  ) {}

  isAvoided(proxyUrl: string): boolean {
    return (this.refused.get(proxyUrl)?.avoidedUntilMs ?? 0) > this.options.clock.now();
  }

  went(credentialId: string, way: WayOut): void {
    this.gone.set(credentialId, way);
  }

  /** How a lease of that credential ended. */
  note(credentialId: string, outcome: LeaseOutcome): void {
    const way = this.gone.get(credentialId);
    if (way === undefined) return;
    if (outcome.type === 'failed' && outcome.error.code === 'challenge_required')
      this.close(way, { credentialId, ...outcome.error });
    else if (outcome.type === 'succeeded' && this.refused.size > 0) this.open(way);
  }

  /** Those who went there together count once. */
  private close(
    { proxyUrl = '', isListed }: WayOut,
    refusal: { credentialId: string; message: string; reason?: string | undefined },
  ): void {
    const { upstream, clock } = this.options;
    const nowMs = clock.now();
    const before = this.refused.get(proxyUrl);
    const isSame = before !== undefined && before.avoidedUntilMs > nowMs;
    const refusals = (before?.told.refusals ?? 0) + (isSame ? 0 : 1);
    const avoidedMs = Math.min(FIRST_AVOIDED_MS * 2 ** (refusals - 1), LONGEST_AVOIDED_MS);
    const avoidedUntilMs = isSame ? before.avoidedUntilMs : nowMs + avoidedMs;
    const { credentialId, message, reason = null } = refusal;
    const told = {
      upstream,
      way: proxyUrl === '' ? 'direct' : showProxyUrl(proxyUrl),
      refusedAt: new Date(nowMs).toISOString(),
      refusals,
      reason,
      message,
      credentialId,
      avoidedUntil: isListed ? new Date(avoidedUntilMs).toISOString() : null,
      servedAt: null,
    };
    this.refused.set(proxyUrl, { told, avoidedUntilMs });
    this.write(told);
  }

  private open({ proxyUrl = '' }: WayOut): void {
    const before = this.refused.get(proxyUrl);
    if (before === undefined) return;
    this.refused.delete(proxyUrl);
    this.write({ ...before.told, avoidedUntil: null, servedAt: new Date(this.options.clock.now()).toISOString() });
  }

  private write(told: RefusedWay): void {
    this.options.health.note(told).catch(this.options.onError);
  }
}
