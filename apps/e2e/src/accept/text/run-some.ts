const AT_ONCE = 8;

/** Does all of it, some at a time; answers what went wrong. */
export async function runSome<Job>(jobs: readonly Job[], run: (job: Job) => Promise<unknown>): Promise<string[]> {
  const left = [...jobs];
  const flaws: string[] = [];
  const work = async (): Promise<void> => {
    for (let job = left.shift(); job !== undefined; job = left.shift())
      await run(job).catch((error: unknown) => flaws.push(error instanceof Error ? error.message : String(error)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return flaws;
}
