/** The ratio of the upstream's that is nearest to this size, and no further off than a fortieth; else undefined. */
export function ratioFor(size: { width: number; height: number }, known: readonly string[]): string | undefined {
  const wanted = Math.log(size.width / size.height);
  const [nearest] = known
    .map((ratio) => ({ ratio, distance: Math.abs(Math.log(numberOf(ratio)) - wanted) }))
    .toSorted((a, b) => a.distance - b.distance);
  return nearest !== undefined && nearest.distance <= MOST_APART ? nearest.ratio : undefined;
}

/** 1792 × 1024 is asked for as 16:9 by everybody, and is 7:4. */
const MOST_APART = Math.log(1.026);

function numberOf(ratio: string): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width / height;
}
