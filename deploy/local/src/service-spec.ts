/** One process that the launcher keeps alive. */
export interface ServiceSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  /** Another user to run as; only root can. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  /** Known by a line it prints, or by an address that answers 200. */
  readonly ready: { readonly line: RegExp } | { readonly url: string };
  /** Done before every start, the first one too. */
  readonly prepare?: () => Promise<void>;
}
