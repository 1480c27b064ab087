import type { DurableInput } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Target } from '@sluice/contracts/route';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';

type Kind = 'videos-api' | 'session';

/** Wishes that only Sora's own protocols have a word for, and which of them. Anything else that is unknown is told as ignored. */
const SORA_WISHES: Readonly<Record<string, readonly Kind[]>> = {
  style: ['videos-api', 'session'],
  style_id: ['videos-api', 'session'],
  storyboard: ['session'],
  remix_target_id: ['session'],
  extend_generation_id: ['session'],
};

/** Whether nobody makes a film for whom this is nothing. */
export function isSoraWish(field: string): boolean {
  return Object.hasOwn(SORA_WISHES, field);
}

/** The targets that can do what is asked for beyond its shape, so that nothing of it gets lost. Throws where none can. */
export function ableTargets(
  input: DurableInput,
  targets: readonly Target[],
  resolver: Pick<RouteResolver, 'hasSora'>,
): readonly Target[] {
  const asked = Object.keys((input.kind === 'video' && input.request.providerOptions?.['sora']) || {});
  let able = targets;
  for (const wish of asked.filter(isSoraWish)) {
    const kinds = (SORA_WISHES[wish] ?? []).filter((kind) => resolver.hasSora(kind));
    able = able.flatMap((target) => narrowed(target, { kinds, isDerived: isDerived(input) }));
    if (able.length === 0) throw unable(wish, targets);
  }
  return able;
}

function isDerived(input: DurableInput): boolean {
  return input.kind === 'video' && input.request.source !== undefined;
}

/** A target that says no kind is left to those that can. The account of what another film is made from is known already. */
function narrowed(
  target: Target,
  { kinds, isDerived: isPinned }: { kinds: readonly Kind[]; isDerived: boolean },
): Target[] {
  if (target.upstream !== 'sora') return [];
  if (isPinned) return [target];
  if (target.kind !== undefined) return kinds.some((kind) => kind === target.kind) ? [target] : [];
  return kinds.map((kind) => ({ ...target, kind }));
}

function unable(param: string, targets: readonly Target[]): GatewayError {
  const who = [...new Set(targets.map(({ upstream }) => upstream))].join(', ');
  const needed = SORA_WISHES[param]?.map((kind) => `'${kind}'`).join(' or ') ?? '';
  const text = `Unsupported '${param}': what serves this model (${who}) cannot do it; an account of the upstream 'sora', kind ${needed}, could.`;
  return new GatewayError('unsupported', text, { param });
}
