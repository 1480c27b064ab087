import type { DurableSubmission } from '@sluice/contracts/durable-generation';
import { storable } from './storable.js';

/** A submission in the columns of `submit-durable.sql`. */
export function submissionJson(submission: DurableSubmission, forgetKeyAtMs: number): string {
  const { idempotency, reservation, input, targets } = submission;
  return JSON.stringify({
    id: submission.id,
    kind: input.kind,
    owner_key_id: submission.ownerKeyId,
    dialect: submission.dialect,
    model: storable(submission.model),
    targets: JSON.stringify(targets),
    queue_upstream: targets[0]?.upstream ?? '',
    pinned_credential_id: submission.pinnedCredentialId,
    input: JSON.stringify(input),
    request_id: storable(submission.requestId),
    traceparent: submission.traceparent,
    created_ms: submission.createdAtMs,
    deadline_ms: submission.deadlineAtMs,
    unit: reservation.unit,
    amount: reservation.amount,
    webhook_url: submission.webhookUrl,
    ...(idempotency && {
      scope: idempotency.scope,
      key: storable(idempotency.key),
      fingerprint: idempotency.fingerprint,
      supersedes: idempotency.supersedes ?? false,
      forget_ms: forgetKeyAtMs,
    }),
  });
}
