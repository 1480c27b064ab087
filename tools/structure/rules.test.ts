import { describe, expect, it } from 'vitest';
import { bannedWords } from './banned-words.mjs';
import { buildRoots } from './build-roots.mjs';
import { dependencies } from './dependencies.mjs';
import { dialectSlots } from './dialect-slots.mjs';
import { fileNames } from './file-names.mjs';
import { outsideOwners } from './outside-owners.mjs';
import { statements } from './statements.mjs';
import { upstreamSlots } from './upstream-slots.mjs';
import { workspaceOf } from './workspace.mjs';

type Texts = Record<string, string>;

const json = JSON.stringify;
const base: Texts = {
  'tsconfig.json': json({ references: [{ path: 'libs/wire/pigeon' }, { path: 'libs/wire/sse' }] }),
  'libs/wire/sse/package.json': json({ name: '@sluice/wire-sse', nx: { tags: ['dialect:shared'] } }),
  'libs/wire/sse/tsconfig.json': json({}),
  'libs/wire/pigeon/package.json': json({
    name: '@sluice/wire-pigeon',
    nx: { tags: ['dialect:pigeon'] },
    dependencies: { '@sluice/wire-sse': '0.1.0' },
  }),
  'libs/wire/pigeon/tsconfig.json': json({ references: [{ path: '../sse' }] }),
  'libs/wire/pigeon/src/schema.ts': '',
  'libs/wire/pigeon/src/decode-request.ts': '',
  'libs/wire/pigeon/src/encode-response.ts': '',
  'libs/wire/pigeon/src/encode-stream.ts': "import { frame } from '@sluice/wire-sse/frame';",
  'libs/wire/pigeon/src/encode-error.ts': '',
};
const upstream: Texts = {
  'libs/manifests/src/upstreams.ts': "import { owl } from './owl.js';",
  'libs/manifests/src/owl.ts': '',
  'libs/upstreams/owl/package.json': json({ name: '@sluice/upstream-owl', nx: { tags: ['upstream:owl'] } }),
  'libs/upstreams/owl/src/owl.upstream.ts': '',
  'libs/upstreams/owl/src/owl.credential.ts': '',
  'libs/upstreams/owl/src/owl.error.ts': '',
  'libs/upstreams/owl/src/__fixtures__/chat.json': '{}',
  'apps/owl-worker/src/main.ts': '',
};

function without(texts: Texts, path: string): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key !== path));
}

describe('the rules of structure', () => {
  const all = [
    dialectSlots,
    upstreamSlots,
    dependencies,
    buildRoots,
    outsideOwners,
    fileNames,
    bannedWords,
    statements,
  ];

  it.each(all)('%o finds nothing in a whole workspace', (rule) => {
    expect(rule(workspaceOf(base))).toEqual([]);
  });

  it('misses no slot of a dialect', () => {
    const path = 'libs/wire/pigeon/src/encode-error.ts';
    expect(dialectSlots(workspaceOf(without(base, path)))).toEqual([expect.stringContaining('src/encode-error.ts')]);
  });

  it.each(Object.keys(upstream).filter((path) => !path.endsWith('package.json')))('an upstream needs %s', (path) => {
    expect(upstreamSlots(workspaceOf(upstream))).toEqual([]);
    expect(upstreamSlots(workspaceOf(without(upstream, path)))).not.toEqual([]);
  });

  it.each([
    [
      'an import that is not declared',
      'libs/wire/sse/src/a.ts',
      "import '@sluice/wire-pigeon/schema';",
      'add "@sluice',
    ],
    ['a dependency that nothing imports', 'libs/wire/pigeon/src/encode-stream.ts', '', 'nothing imports'],
    ['a test’s import', 'libs/wire/sse/src/a.test.ts', "import '@sluice/wire-pigeon/schema';", 'devDependencies'],
    ['a missing reference', 'libs/wire/pigeon/tsconfig.json', '{}', 'add a reference to @sluice/wire-sse'],
  ])('sees %s', (_what, path, text, mend) => {
    expect(dependencies(workspaceOf({ ...base, [path]: text }))).toEqual([expect.stringContaining(mend)]);
  });

  it('wants every package in the root build', () => {
    expect(buildRoots(workspaceOf({ ...base, 'tsconfig.json': '{}' }))).toHaveLength(2);
  });

  it.each(['bullmq', 'ioredis', 'undici', 'pg', '@prisma/client', '@nestjs/common', '@prisma/client/runtime'])(
    'keeps %s in its home',
    (name) => {
      const path = 'libs/domain/routing/src/a.ts';
      expect(outsideOwners(workspaceOf({ [path]: `import { x } from '${name}';` }))).toHaveLength(1);
      expect(outsideOwners(workspaceOf({ [path]: `import { x } from './${name}';` }))).toEqual([]);
    },
  );

  it('lets the home import it', () => {
    expect(outsideOwners(workspaceOf({ 'libs/platform/queue/src/a.ts': "import { Queue } from 'bullmq';" }))).toEqual(
      [],
    );
  });

  it.each(['index.ts', 'utils.ts', 'types.ts', 'helpers.ts', 'ChatRoom.ts', 'chat_room.ts'])(
    'refuses the name %s',
    (name) => {
      expect(fileNames(workspaceOf({ [`libs/contracts/src/${name}`]: '' }))).toHaveLength(1);
    },
  );

  it.each([
    '// TO' + 'DO later',
    'const x = y as any;',
    'export enum Color {}',
    'Store.getInstance();',
    "export * from './a.js';",
    'it.only(1);',
    "vi.mock('a');",
    'await new Promise((resolve) => setTimeout(resolve, 10));',
    "import { setTimeout } from 'node:timers/promises';",
  ])('bans %s', (text) => {
    expect(bannedWords(workspaceOf({ 'libs/contracts/src/a.test.ts': `\n${text}\n` }))).toEqual([
      expect.stringContaining('a.test.ts:2'),
    ]);
  });

  it.each([
    ['libs/a/sql/x.sql', 'SELECT 1; SELECT 2;', 1],
    ['libs/a/sql/x.sql', "-- a; b\nSELECT ';' ;\n", 0],
    ['libs/a/sql/x.sql', 'DO $$ BEGIN; END $$', 0],
    ['libs/a/sql/x.sql', '-- nothing', 1],
    ['libs/a/lua/x.lua', 'return 1', 1],
    ['libs/a/lua/x.1.lua', 'return KEYS[2]', 1],
    ['libs/a/lua/x.2.lua', 'return KEYS[2]', 0],
  ])('judges %s with %j', (path, text, count) => {
    expect(statements(workspaceOf({ [path]: text }))).toHaveLength(count);
  });
});
