import type { DurableInput, DurableKind } from '@sluice/contracts/durable-generation';
import type { Operation } from '@sluice/contracts/operation';
import type { Job, JobRequests, JobStep, SubmitIntent } from '@sluice/upstream-kit/job';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';

/** What an adapter's job makes; a conversation is no job. */
export type DurableJobKind = Exclude<DurableKind, 'chat'>;

type JobInputs = { [Kind in DurableJobKind]: { kind: Kind; request: JobRequests[Kind] } };
export type JobInput<Kind extends DurableJobKind = DurableJobKind> = JobInputs[Kind];

type Jobs<Credential> = { readonly [Kind in DurableJobKind]?: Job<Kind, Credential> };

/** Undefined for a conversation. */
export function jobInputOf(input: DurableInput): JobInput | undefined {
  return input.kind === 'chat' ? undefined : input;
}

/** What makes generations of a kind; undefined for a conversation, and where the upstream has none of it. */
export function jobOf<Credential>(
  upstream: Pick<Upstream<Credential>, 'jobs'>,
  kind: DurableKind,
): Jobs<Credential>[DurableJobKind] {
  return kind === 'chat' ? undefined : upstream.jobs?.[kind];
}

/** Whether whoever runs it says every second that it lives, and only silence tells that its worker is lost. */
export function isAttended<Credential>(upstream: Pick<Upstream<Credential>, 'jobs'>, kind: DurableKind): boolean {
  return kind === 'chat' || jobOf(upstream, kind)?.isAttended === true;
}

export function startJob<Credential, Kind extends DurableJobKind>(
  upstream: Pick<Upstream<Credential>, 'jobs'>,
  { kind, request }: JobInput<Kind>,
  context: UpstreamContext<Credential>,
): AsyncIterable<JobStep> | undefined {
  const jobs: Jobs<Credential> = upstream.jobs ?? {};
  return jobs[kind]?.start(request, context);
}

/** Looks a lost submission up. */
export async function findJob<Credential, Kind extends DurableJobKind>(
  upstream: Pick<Upstream<Credential>, 'jobs'>,
  { input, ...intent }: Omit<SubmitIntent<never>, 'request'> & { input: JobInput<Kind> },
  context: UpstreamContext<Credential>,
): Promise<Operation | undefined> {
  const jobs: Jobs<Credential> = upstream.jobs ?? {};
  const { kind, request } = input;
  return jobs[kind]?.find?.({ ...intent, request }, context);
}
