import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bannedWords } from '../structure/banned-words.mjs';
import { buildRoots } from '../structure/build-roots.mjs';
import { dependencies } from '../structure/dependencies.mjs';
import { fileNames } from '../structure/file-names.mjs';
import { upstreamSlots } from '../structure/upstream-slots.mjs';
import { readWorkspace, workspaceOf } from '../structure/workspace.mjs';
import { planUpstream, whatIsLeft } from './plan-upstream.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const disk = {
  read: (path: string) => readFileSync(join(root, path), 'utf8'),
  exists: (path: string) => existsSync(join(root, path)),
};

it('writes what the rules of names and places ask of an upstream', () => {
  const plan = planUpstream({ name: 'moon-shine', ...disk });
  const before = Object.fromEntries(readWorkspace(root).files.map(({ path, text }) => [path, text]));
  const texts = Object.entries(plan).filter(([path]) => /\.(ts|json)$/.test(path));
  const workspace = workspaceOf({ ...before, ...Object.fromEntries(texts) });
  const problems = [upstreamSlots, dependencies, buildRoots, fileNames, bannedWords].flatMap((rule) => rule(workspace));
  expect(problems.filter((problem) => problem.includes('moon-shine'))).toEqual([]);
});

it('adds one to each list of all upstreams, and changes nothing else there', () => {
  const plan = planUpstream({ name: 'moon-shine', ...disk });
  const added = (path: string) => {
    const before = new Set(disk.read(path).split('\n'));
    return plan[path]?.split('\n').filter((line) => !before.has(line));
  };
  expect(added('libs/manifests/src/upstreams.ts')).toEqual([
    "import { moonShineManifest } from './moon-shine.js';",
    expect.stringMatching(/openaiManifest.*, moonShineManifest\];$/),
  ]);
  expect(added('docker-compose.yml')).toEqual(['  moon-shine-worker:', '    command: [moon-shine-worker]']);
  expect(added('tsconfig.json')?.map((line) => line.trim())).toEqual([
    '"path": "apps/moon-shine-worker"',
    '"path": "libs/upstreams/moon-shine"',
  ]);
  expect(plan['apps/simulator/src/start-simulator.ts']).toMatch(
    /vendors: readonly Vendor\[\] = \[[^\]]*, moonShineVendor\]/,
  );
});

it.each(['openai', 'grok', 'guess-abilities'])('refuses %s, which is there, and writes nothing', (name) => {
  expect(() => planUpstream({ name, ...disk })).toThrow(/is there already: .*Nothing was written/);
});

it.each(['', 'Moon', 'moon_shine', '-moon', 'moon-', 'moon--shine', '3d', '../moon', 'a'.repeat(31)])(
  'refuses “%s”, which is no name',
  (name) => {
    expect(() => planUpstream({ name, ...disk })).toThrow(/is no name for an upstream/);
  },
);

it.each(['default', 'upstream', 'index', 'moon-worker'])('refuses “%s”, which has a meaning already', (name) => {
  expect(() => planUpstream({ name, ...disk })).toThrow(/cannot be the name/);
});

it('says what is left, with the files that there are', () => {
  const plan = planUpstream({ name: 'moon', ...disk });
  for (const [path] of whatIsLeft('moon').matchAll(/(?:libs|apps\/simulator|docs)\/\S*moon\S*\.(?:ts|md)/g))
    expect(Object.keys(plan)).toContain(path);
});
