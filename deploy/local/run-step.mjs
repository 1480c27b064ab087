import { spawn } from 'node:child_process';

/**
 * Runs one preparing command to its end with its output on this terminal. A signal that reaches only
 * this process (npm passes signals to its direct child alone) is handed on, so nothing is left running.
 */
export function runStep({ name, command, args, directory, environment = process.env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: directory, env: environment, stdio: 'inherit' });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    let received;
    const handOn = (signal) => {
      received = signal;
      child.kill(signal);
    };
    const settle = (error) => {
      for (const signal of signals) process.off(signal, handOn);
      if (error === undefined) resolve();
      else reject(error);
    };
    for (const signal of signals) process.on(signal, handOn);
    child.on('error', (error) => settle(new Error(`${name} could not be run (${command}): ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (received !== undefined) settle(Object.assign(new Error('Stopped.'), { exitCode: 130 }));
      else if (code === 0) settle();
      else settle(new Error(`${name} failed (${signal ?? `exit code ${code}`}); its output is above.`));
    });
  });
}
