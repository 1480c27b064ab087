import type { CharacterRequest } from '@sluice/contracts/character';
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
  // With a word of what they show; plain pictures are for all who look at some.
  references: ['session'],
  reference_ids: ['session'],
  remix_target_id: ['session'],
  extend_generation_id: ['session'],
};

/** Beyond a film and a name nobody else knows anything of a character. */
const CHARACTER_WISHES: readonly Kind[] = ['session'];

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
  let able = targets;
  for (const wish of wishesOf(input)) {
    const needed = input.kind === 'character' ? CHARACTER_WISHES : (SORA_WISHES[wish] ?? []);
    const kinds = needed.filter((kind) => resolver.hasSora(kind));
    able = able.flatMap((target) => narrowed(target, { kinds, isDerived: isDerived(input) }));
    if (able.length === 0) throw unable(wish, { targets, needed });
  }
  return able;
}

function wishesOf(input: DurableInput): string[] {
  if (input.kind === 'character') return wishesOfCharacter(input.request);
  if (input.kind !== 'video') return [];
  const { providerOptions, references = [] } = input.request;
  const told = Object.keys(providerOptions?.['sora'] ?? {}).filter(isSoraWish);
  return references.some(({ note }) => note) ? [...told, 'references'] : told;
}

/** Of a character the videos protocol knows a film and a name. */
function wishesOfCharacter(request: CharacterRequest): string[] {
  const { from, username, timestamps, instructions, safetyInstructions, isPublic } = request;
  const asked = { username, timestamps, instruction_set: instructions, safety_instruction_set: safetyInstructions };
  const told = Object.entries(asked).flatMap(([field, value]) => (value === undefined ? [] : [field]));
  return [...told, ...(isPublic === true ? ['public'] : []), ...(from.type === 'draft' ? ['generation_id'] : [])];
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

function unable(
  param: string,
  { targets, needed }: { targets: readonly Target[]; needed: readonly Kind[] },
): GatewayError {
  const who = [...new Set(targets.map(({ upstream }) => upstream))].join(', ');
  const kinds = needed.map((kind) => `'${kind}'`).join(' or ');
  const text = `Unsupported '${param}': what serves this model (${who}) cannot do it; an account of the upstream 'sora', kind ${kinds}, could.`;
  return new GatewayError('unsupported', text, { param });
}
