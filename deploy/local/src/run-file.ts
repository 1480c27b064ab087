import type { Secrets } from './secrets.js';
import { writePrivateFile } from './write-private-file.js';

/** What scripts and tests read to find the running instance. */
export interface RunFile {
  readonly gateway: string;
  /** All gateways, where there are several. */
  readonly gateways: Readonly<Record<string, string>>;
  readonly apiKey: Secrets['apiKey'];
  readonly adminToken: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly simulator?: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly pids: Readonly<Record<string, number>>;
}

/** Written one after the other, so that the newest pids are what stays. */
export function createRunFileWriter({
  path,
  describe,
  onError,
}: {
  path: string;
  describe(): RunFile;
  onError(error: unknown): void;
}) {
  let last: Promise<void> = Promise.resolve();
  return {
    write(): Promise<void> {
      last = last.then(() => writePrivateFile(path, `${JSON.stringify(describe(), null, 2)}\n`)).catch(onError);
      return last;
    },
  };
}
