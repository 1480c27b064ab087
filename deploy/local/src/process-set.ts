import { setTimeout as delay } from 'node:timers/promises';
import type { CombinedLog } from './combined-log.js';
import { getStatus } from './get-status.js';
import { LaunchError } from './launch-error.js';
import { writeProcesses } from './leftovers.js';
import { identifyProcess } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';
import type { ServiceSpec } from './service-spec.js';
import { supervise } from './supervise.js';
import type { Supervised } from './supervise.js';

const POLL_MS = 25;
/** What our services end with when their environment cannot be used: starting them again would not help. */
const CONFIGURATION_REFUSED = 78;

/** All processes of one instance. */
export class ProcessSet {
  readonly #members: Supervised[] = [];
  readonly #identities = new Map<string, ProcessIdentity>();
  #writing: Promise<void> = Promise.resolve();
  /** Called whenever a process has another pid. */
  onPidChange: () => void = () => undefined;

  constructor(private readonly options: { log: CombinedLog; processesFile: string }) {}

  start(spec: ServiceSpec): void {
    const { log } = this.options;
    this.#members.push(
      supervise(spec, {
        onLine: (line, source) => log.line(spec.name, line, source),
        onStart: (pid) => this.#note(spec.name, pid),
        onDeath: (description) => log.say('warn', `${spec.name} ${description}; starting it again`),
      }),
    );
  }

  pids(): Record<string, number> {
    const pairs = this.#members.map((member) => [member.spec.name, member.pid()] as const);
    return Object.fromEntries(pairs.filter((pair): pair is readonly [string, number] => pair[1] !== undefined));
  }

  /** Waits for the named ones. A process that dies meanwhile is started again and waited for, up to the limit. */
  async untilReady(options: { names: readonly string[]; limitMs: number; signal: AbortSignal }): Promise<void> {
    const deadlineMs = Date.now() + options.limitMs;
    const members = this.#members.filter((member) => options.names.includes(member.spec.name));
    await Promise.all(members.map((member) => this.#untilMemberReady(member, { deadlineMs, signal: options.signal })));
  }

  restart(names: readonly string[]): void {
    for (const member of this.#members) if (names.includes(member.spec.name)) member.restart();
  }

  async stop({ names, graceMs }: { names: readonly string[]; graceMs: number }): Promise<void> {
    const members = this.#members.filter((member) => names.includes(member.spec.name));
    await Promise.all(members.map((member) => member.stop({ graceMs })));
  }

  names(): string[] {
    return this.#members.map((member) => member.spec.name);
  }

  async #untilMemberReady(
    member: Supervised,
    { deadlineMs, signal }: { deadlineMs: number; signal: AbortSignal },
  ): Promise<void> {
    while (!(await isReady(member))) {
      signal.throwIfAborted();
      if (Date.now() > deadlineMs || member.lastExitCode() === CONFIGURATION_REFUSED)
        throw this.#describeFailure(member.spec.name);
      await delay(POLL_MS);
    }
  }

  #describeFailure(name: string): LaunchError {
    const lines = this.options.log.lastLines(name).map((line) => `  ${line}`);
    return new LaunchError(`${name} does not become ready. It printed last:\n${lines.join('\n') || '  (nothing)'}`);
  }

  #note(name: string, pid: number): void {
    this.onPidChange();
    this.#writing = this.#writing
      .then(async () => {
        const identity = await identifyProcess(pid);
        if (identity !== undefined) this.#identities.set(name, identity);
        await writeProcesses(this.options.processesFile, [...this.#identities.values()]);
      })
      .catch((error: unknown) =>
        this.options.log.say('warn', `the list of processes could not be written: ${String(error)}`),
      );
  }
}

async function isReady(member: Supervised): Promise<boolean> {
  if (member.pid() === undefined) return false;
  const { ready } = member.spec;
  if ('line' in ready) return member.printedReadyLine();
  return (await getStatus({ url: ready.url, timeoutMs: 1_000 })) === 200;
}
