/** Rejects when `work` takes longer; the work itself goes on unheard. */
export function withDeadline<Result>(work: Promise<Result>, deadlineMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${deadlineMs} ms.`)), deadlineMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
