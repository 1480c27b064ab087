import { GatewayError } from '@sluice/contracts/gateway-error';
import { Worker } from 'node:worker_threads';
import { MOST_ATTEMPTS, type ProofOfWork, type Puzzle } from './web.proof-of-work.js';
import { solvePuzzle, type PuzzleTask } from './web.solve-puzzle.js';

/** In place of a browser's: that it is none is not hidden. */
const VALUES = ['sluice', 0, 0, 0, 'sluice', null, null, 'en', 'en', 0, '', '', '', 0, '', '', 1, 0];

/** Made of text: it runs alike from the sources and from what is built of them. */
const PROGRAM = `
const { parentPort } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const solvePuzzle = ${solvePuzzle.toString()};
parentPort.on('message', ({ id, task }) => parentPort.postMessage({ id, solution: solvePuzzle(task, createHash) }));
`;

interface Waiting {
  resolve(solution: string | undefined): void;
  reject(error: GatewayError): void;
}

/** Puzzles are solved apart from the event loop, one after the other, in a thread that is started with the first. */
export class SolverThread implements ProofOfWork {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  solve({ seed, difficulty }: Puzzle, signal: AbortSignal): Promise<string | undefined> {
    if (!/^[\da-f]{1,128}$/i.test(difficulty)) return Promise.resolve(undefined);
    // Half a byte more is within it whatever the other half is.
    const whole = difficulty.length % 2 === 0 ? difficulty : `${difficulty}f`;
    const task: PuzzleTask = { seed, difficulty: whole, values: VALUES, attempts: MOST_ATTEMPTS };
    const id = (this.lastId += 1);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(left());
      const leave = () => this.settle(id, (one) => one.reject(left()));
      signal.addEventListener('abort', leave, { once: true });
      const settled = () => signal.removeEventListener('abort', leave);
      this.waiting.set(id, {
        resolve: (solution) => (settled(), resolve(solution)),
        reject: (error) => (settled(), reject(error)),
      });
      this.thread().postMessage({ id, task });
    });
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private thread(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(PROGRAM, { eval: true });
    // It keeps no process from ending.
    worker.unref();
    worker.on('message', ({ id, solution }: { id: number; solution: string | undefined }) =>
      this.settle(id, (one) => one.resolve(solution)),
    );
    worker.on('error', () => this.lose(worker));
    worker.on('exit', () => this.lose(worker));
    this.worker = worker;
    return worker;
  }

  private settle(id: number, how: (one: Waiting) => void): void {
    const one = this.waiting.get(id);
    this.waiting.delete(id);
    if (one) how(one);
  }

  private lose(worker: Worker): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    for (const id of this.waiting.keys()) this.settle(id, (one) => one.reject(lost()));
  }
}

function left(): GatewayError {
  return new GatewayError('cancelled', 'Nobody waits for the proof of work any more.', { saw: 'nothing' });
}

function lost(): GatewayError {
  return new GatewayError('unavailable', 'The thread that solves proofs of work was lost.', { saw: 'nothing' });
}
