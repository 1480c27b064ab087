// @ts-check
import { spawn } from 'node:child_process';

/**
 * Runs a command to its end. With `isShown` its output goes to this terminal; otherwise it is collected.
 *
 * @param {{ command?: string, args: string[], directory: string, environment?: NodeJS.ProcessEnv, isShown?: boolean }} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runCommand({
  command = process.execPath,
  args,
  directory,
  environment = process.env,
  isShown = false,
}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: directory, env: environment, stdio: isShown ? 'inherit' : 'pipe' });
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
