// performance.now() and hrtime read the same kernel clock, so the offset is a constant
// and one cheap call gives a time that two processes of one machine can compare.
// The first calls are slow (compiled, loaded lazily), which would shift the offset: the closest pair of several counts.
const offsetMicros = Math.min(
  ...Array.from({ length: 200 }, () => {
    const nowMicros = performance.now() * 1000;
    return Number(process.hrtime.bigint()) / 1000 - nowMicros;
  }),
);

/** Microseconds since the machine started; comparable between processes. */
export function monotonicMicros(): number {
  return Math.round(offsetMicros + performance.now() * 1000);
}
