/** Something that answers `POST /v1/chat/completions`, to be measured. */
export interface Target {
  readonly name: string;
  start(setting: TargetSetting): Promise<RunningTarget>;
}

export interface TargetSetting {
  /** The stand-in upstream, without `/v1`. */
  readonly upstreamUrl: string;
  readonly upstreamPid: number;
  /** Where the target's Node processes leave a CPU profile; only the bare loop can. */
  readonly profileFolder: string | undefined;
}

export interface RunningTarget {
  /** The whole address of the chat completions path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The target's processes by name; their CPU time and memory are counted. */
  readonly pids: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export const chatPath = '/v1/chat/completions';
