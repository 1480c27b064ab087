import { get } from 'node:http';

/** The status of a GET, or undefined when nothing answers in time. */
export function getStatus({ url, timeoutMs }: { url: string; timeoutMs: number }): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: timeoutMs, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}
