const DAY_MS = 24 * 60 * 60_000;
const ZONE = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** How long till midnight in California, when Google begins a new day of quotas. On the two odd days of the year, an hour off. */
export function untilPacificMidnightMs(nowMs: number): number {
  const clock = new Map(ZONE.formatToParts(nowMs).map(({ type, value }) => [type, Number(value)]));
  const seconds = (clock.get('hour') ?? 0) * 3_600 + (clock.get('minute') ?? 0) * 60 + (clock.get('second') ?? 0);
  return DAY_MS - seconds * 1_000 - (nowMs % 1_000);
}
