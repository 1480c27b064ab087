const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether two addresses are of one host and port; this machine goes by several names. */
export function isSameServer(url: string, other: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(other)) return false;
  const [one, two] = [new URL(url), new URL(other)];
  if (one.host === two.host) return true;
  return one.port === two.port && LOOPBACK.has(one.hostname) && LOOPBACK.has(two.hostname);
}
