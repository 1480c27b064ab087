/**
 * Rejects when `work` takes longer; the work itself goes on unheard. Where our own event loop was late, the answer may
 * lie unread: what came in is read once more before it counts as missing.
 */
export function withDeadline<Result>(work: Promise<Result>, deadlineMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const expire = () => reject(new Error(`No answer within ${deadlineMs} ms.`));
    // Timers run before the sockets are read, immediates after.
    const timer = setTimeout(() => setImmediate(expire), deadlineMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
