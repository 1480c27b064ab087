import type { Clock } from '@sluice/contracts/clock';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { Lease } from '@sluice/contracts/credential';
import type { ModelInfo, Upstream } from '@sluice/upstream-kit/upstream';
import { createAccountContext } from './account-context.js';

/** A credential whose account may have any model. */
export interface OpenCredential {
  id: string;
  /** Credentials of one source list the same models: only one of them is asked. */
  source: string;
}

export interface ModelDiscoveryOptions<Credential> {
  upstream: Upstream<Credential>;
  clock: Clock;
  /** In service, and without a list of models of their own. */
  listCredentials(): Promise<OpenCredential[]>;
  /** Undefined while the credential is busy or resting. */
  lease(credentialId: string): Promise<Lease | undefined>;
  release(lease: Lease): Promise<void>;
  httpFor(lease: Lease): HttpPort;
  /** True for one replica at a time. */
  takeTurn(forMs: number): Promise<boolean>;
  save(models: ModelInfo[]): Promise<void>;
  forget(): Promise<void>;
  onError(error: unknown): void;
}

const EVERY_MS = 10 * 60_000;
const AGAIN_MS = 30_000;
/** Several credentials are often changed in one go. */
const GATHER_MS = 100;
const TURN_MS = 2_000;
const CALL_TIMEOUT_MS = 15_000;
const MOST_SOURCES = 20;

/** Reads the upstream's own list of models, for all replicas: at the start, after changes and now and then. */
export class ModelDiscovery<Credential> {
  private cancelTimer: (() => void) | undefined;
  private isStopped = false;

  constructor(private readonly options: ModelDiscoveryOptions<Credential>) {}

  /** Something changed: look soon. */
  wake(): void {
    this.schedule(GATHER_MS);
  }

  stop(): void {
    this.isStopped = true;
    this.cancelTimer?.();
  }

  private schedule(delayMs: number): void {
    this.cancelTimer?.();
    if (this.isStopped) return;
    this.cancelTimer = this.options.clock.after(delayMs, () => {
      this.look().then(
        (isKnown) => this.schedule(isKnown ? EVERY_MS : AGAIN_MS),
        (error: unknown) => {
          this.options.onError(error);
          this.schedule(AGAIN_MS);
        },
      );
    });
  }

  /** False when it has to be tried again before long. */
  private async look(): Promise<boolean> {
    const { upstream, listCredentials, takeTurn, save, forget } = this.options;
    if (!upstream.models) return true;
    const sources = new Map((await listCredentials()).map((credential) => [credential.source, credential]));
    if (sources.size === 0) return true;
    if (!(await takeTurn(TURN_MS))) return false;
    const answers = await Promise.all(
      [...sources.values()].slice(0, MOST_SOURCES).map((credential) => this.ask(credential)),
    );
    // One account that cannot say what it has may have anything.
    if (answers.includes('cannot-say')) await forget();
    else if (!answers.includes('not-now')) await save(merge(answers.filter((answer) => typeof answer === 'object')));
    return !answers.includes('not-now');
  }

  private async ask({ id }: OpenCredential): Promise<ModelInfo[] | 'not-now' | 'cannot-say'> {
    const { upstream, lease: take, release, httpFor, clock } = this.options;
    const lease = await take(id);
    if (!lease || !upstream.models) return 'not-now';
    try {
      const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
      return await upstream.models(createAccountContext({ upstream, lease, http: httpFor(lease), clock, signal }));
    } catch (thrown) {
      return CANNOT_SAY.has(toGatewayError(thrown).code) ? 'cannot-say' : 'not-now';
    } finally {
      await release(lease);
    }
  }
}

const CANNOT_SAY: ReadonlySet<string> = new Set([
  'not_found',
  'upstream_model_missing',
  'method_not_allowed',
  'invalid_request',
  'unsupported',
  'upstream_bad_answer',
]);

function merge(lists: ModelInfo[][]): ModelInfo[] {
  return [...new Map(lists.flat().map((model) => [model.id, model])).values()];
}
