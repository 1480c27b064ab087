import type { Target } from '@sluice/contracts/route';
import type { StoredRoute } from './route-repository.js';

/**
 * A route's targets in the order in which they are tried. `weighted`: drawn without putting back, each by its weight.
 * `random` gives numbers from 0 to below 1.
 */
export function orderTargets(route: Pick<StoredRoute, 'targets' | 'strategy'>, random: () => number): Target[] {
  return route.strategy === 'weighted' ? draw(route.targets, random) : route.targets;
}

function draw(targets: readonly Target[], random: () => number): Target[] {
  const left = [...targets];
  const drawn: Target[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, target) => sum + weightOf(target), 0);
    let point = random() * total;
    const hit = left.findIndex((target) => (point -= weightOf(target)) < 0);
    drawn.push(...left.splice(hit === -1 ? left.length - 1 : hit, 1));
  }
  return drawn;
}

function weightOf(target: Target): number {
  return target.weight ?? 1;
}
