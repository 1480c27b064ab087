import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../../harness/start-sluice.js';
import { runToEnd } from './run-to-end.js';

const CLONE_LIMIT_MS = 60_000;

export interface Clone {
  /** Passable or private, as asked for; the clone is below it. */
  folder: string;
  root: string;
}

/** What is committed, in an empty folder; removed after the work. */
export async function inFreshClone<T>({ mode }: { mode: number }, work: (clone: Clone) => Promise<T>): Promise<T> {
  const outer = await mkdtemp(join(tmpdir(), 'sluice-accept-'));
  const folder = join(outer, 'home');
  try {
    // The outer folder, private by itself, must not decide what is tried here.
    await runToEnd({ command: 'chmod', args: ['711', outer], directory: outer, limitMs: CLONE_LIMIT_MS });
    await mkdir(folder, { mode });
    const root = join(folder, 'sluice');
    await runToEnd({
      command: 'git',
      args: ['clone', '--quiet', '--no-hardlinks', REPOSITORY, root],
      directory: folder,
      limitMs: CLONE_LIMIT_MS,
    });
    return await work({ folder, root });
  } finally {
    await rm(outer, { recursive: true, force: true });
  }
}

/** Which commit is tried, and whether it is all there is. */
export async function describeCommit(): Promise<string> {
  const git = async (...args: string[]) =>
    (await runToEnd({ command: 'git', args, directory: REPOSITORY, limitMs: CLONE_LIMIT_MS })).trim();
  const [commit, changes] = await Promise.all([git('rev-parse', '--short', 'HEAD'), git('status', '--porcelain')]);
  return changes === ''
    ? `commit ${commit}`
    : `commit ${commit}, without ${changes.split('\n').length} uncommitted changes`;
}
