// @ts-check
// What this repository promises about names and places, checked. Each rule stands alone in tools/structure.
import { fileURLToPath } from 'node:url';
import { bannedWords } from './structure/banned-words.mjs';
import { buildRoots } from './structure/build-roots.mjs';
import { dependencies } from './structure/dependencies.mjs';
import { dialectSlots } from './structure/dialect-slots.mjs';
import { fileNames } from './structure/file-names.mjs';
import { outsideOwners } from './structure/outside-owners.mjs';
import { statements } from './structure/statements.mjs';
import { upstreamSlots } from './structure/upstream-slots.mjs';
import { readWorkspace } from './structure/workspace.mjs';

const rules = [
  dialectSlots,
  upstreamSlots,
  dependencies,
  buildRoots,
  outsideOwners,
  fileNames,
  bannedWords,
  statements,
];

const workspace = readWorkspace(fileURLToPath(new URL('..', import.meta.url)));
const problems = rules.flatMap((rule) => rule(workspace));

process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
process.exitCode = problems.length === 0 ? 0 : 1;
