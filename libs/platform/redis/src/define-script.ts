import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Redis } from './redis.js';
import { PatientScriptCommand, ScriptCommand } from './script-command.js';

export type ScriptArgument = string | number | Buffer;

/** A Lua script as a function; the store keeps it, so that only its hash travels. */
export interface Script<Reply> {
  readonly name: string;
  /** `beforeLoad` is awaited where the store does not have the script yet: it may have restarted. */
  run(
    redis: Redis,
    keys: readonly string[],
    args: readonly ScriptArgument[],
    beforeLoad?: () => Promise<void>,
  ): Promise<Reply>;
}

export interface ScriptDefinition {
  name: string;
  /** The Lua file, `<name>.<number of keys>.lua`. */
  url: URL;
  keys: number;
  /** Nobody waits for its answer: it need not leave at once. */
  isPatient?: boolean;
}

/** Reads the file at once: a missing script fails the start of the process, not a request. */
export function defineScript<Reply>({ name, url, keys: keyCount, isPatient }: ScriptDefinition): Script<Reply> {
  const file = basename(fileURLToPath(url));
  if (!file.endsWith(`.${keyCount}.lua`)) throw new Error(`Script ${name}: ${file} does not end in .${keyCount}.lua`);
  const source = readFileSync(url, 'utf8');
  const sha = createHash('sha1').update(source).digest('hex');
  const CallCommand = isPatient ? PatientScriptCommand : ScriptCommand;

  return {
    name,
    async run(redis, keys, args, beforeLoad) {
      if (keys.length !== keyCount) throw new Error(`Script ${name} takes ${keyCount} keys, not ${keys.length}.`);
      try {
        const command = new CallCommand('evalsha', [sha, keyCount, ...keys, ...args], { replyEncoding: 'utf8' });
        return (await redis.sendCommand(command)) as Reply;
      } catch (error) {
        if (!isMissingScript(error)) throw error;
        await beforeLoad?.();
        return (await redis.eval(source, keyCount, ...keys, ...args)) as Reply;
      }
    },
  };
}

function isMissingScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
