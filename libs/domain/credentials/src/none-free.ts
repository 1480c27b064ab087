import type { LeaseRequest, NoneFree } from './credential-source.js';
import type { Selection } from './upstream-pool.js';

/** Says why no credential could be had, in words for the caller and its operator. */
export function explainNoneFree(request: LeaseRequest, selection: Selection, nowMs: number): NoneFree {
  const { upstream, model, pinned } = request;
  if (selection.servingCount === 0) {
    const reason =
      pinned === undefined
        ? `No enabled credential of upstream '${upstream}' serves model '${model}'${requirementsOf(request)}. Add one in the console or with POST /admin/api/credentials.`
        : `The credential that owns this is gone or switched off, and no other of upstream '${upstream}' can be used.`;
    return { reason, isHopeless: true };
  }
  if (selection.nextFreeMs === undefined) {
    return {
      reason: `Every credential of upstream '${upstream}' that serves model '${model}' has failed for this request.`,
      isHopeless: false,
    };
  }
  const seconds = Math.max(1, Math.ceil((selection.nextFreeMs - nowMs) / 1_000));
  return {
    reason: `Every credential of upstream '${upstream}' that serves model '${model}' is in use or resting; the next one is expected in ${seconds} s.`,
    retryAtMs: selection.nextFreeMs,
    isHopeless: false,
  };
}

function requirementsOf({ plans, tags, kind, group }: LeaseRequest): string {
  const wanted = [
    plans && `plan ${plans.join(' or ')}`,
    tags && tags.length > 0 && `tags ${tags.join(', ')}`,
    kind !== undefined && `kind ${kind}`,
    group !== undefined && `group ${group}`,
  ].filter((one) => typeof one === 'string');
  return wanted.length === 0 ? '' : ` with ${wanted.join(', ')}`;
}
