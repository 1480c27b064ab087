import { LaunchedProgram } from '../../harness/launched-program.js';
import { within } from '../../harness/within.js';

export interface ProgramToRun {
  command: string;
  args: readonly string[];
  directory: string;
  limitMs: number;
  environment?: NodeJS.ProcessEnv;
}

/** Runs a program to its end and answers what it printed; throws with the end of that when it failed. */
export async function runToEnd({ command, args, directory, limitMs, environment }: ProgramToRun): Promise<string> {
  const program = LaunchedProgram.start({
    command,
    args,
    directory,
    environment: { ...hostVariables(), ...environment },
  });
  const end = await within(limitMs, `${command} ${args.join(' ')}`, program.untilEnded()).catch((error: unknown) => {
    program.signalGroup('SIGKILL');
    throw error;
  });
  if (end === '0') return program.printed();
  throw new Error(`${command} ${args.join(' ')} ended with ${end}:\n${lastLines(program.printed())}`);
}

/** The end, and before it what test runners say of failures. */
function lastLines(text: string): string {
  const lines = text.trimEnd().split('\n');
  const failures = lines.filter((line) => /\bFAIL\b/.test(line));
  return [...new Set(failures), ...lines.slice(-6)].join('\n');
}

function hostVariables(): NodeJS.ProcessEnv {
  return process.env;
}
