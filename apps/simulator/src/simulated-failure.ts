/** Why a request fails; each vendor maps it to its own status, code and wording. */
export type FailureKind =
  | 'missing-key'
  | 'revoked-key'
  | 'expired-key'
  | 'quota-exhausted'
  | 'rate-limited'
  | 'invalid-request'
  | 'too-large'
  | 'unknown-model'
  | 'unknown-path'
  | 'fault';

/** The limit that a refused request met. */
export interface MetQuota {
  readonly model: string;
  readonly limit: number;
  readonly unit: 'minute' | 'day';
  readonly waitMs: number;
}

export interface FailureDetail {
  readonly status: number;
  readonly message: string;
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  readonly parameter?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly quota?: MetQuota | undefined;
}

/** Thrown anywhere while a request is handled; rendered in the vendor's shape at one place. */
export class SimulatedFailure extends Error {
  override readonly name = 'SimulatedFailure';

  constructor(
    readonly kind: FailureKind,
    readonly detail: FailureDetail,
  ) {
    super(detail.message);
  }
}
