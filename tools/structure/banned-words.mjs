// @ts-check
// What a linter does not know to be wrong here.
import { isTest, sourcesOf } from './workspace.mjs';

/** @typedef {{ pattern: RegExp, mend: string, only?: (path: string) => boolean }} Ban */

/** @type {Ban[]} */
const bans = [
  { pattern: /\b(TODO|FIXME|XXX)\b/, mend: 'do it now or leave it out' },
  { pattern: /\bas any\b/, mend: 'parse it with a schema, or name its type' },
  { pattern: /^[ \t]*(export )?(declare )?(const )?enum\s/m, mend: 'use an object `as const`' },
  { pattern: /\bforwardRef\b/, mend: 'break the cycle: a third service, or a function passed in' },
  { pattern: /\b[A-Z]\w*\.getInstance\(/, mend: 'no singletons: pass the instance in' },
  { pattern: /^export \* /m, mend: 'import by file; no barrels' },
  { pattern: /@ts-(ignore|nocheck|expect-error)/, mend: 'mend the type', only: (path) => !isTest(path) },
  { pattern: /\b(it|test|describe)\.(skip|only|todo)\(/, mend: 'run the test or remove it', only: isTest },
  { pattern: /\bvi\.(mock|doMock|hoisted)\(/, mend: 'pass the collaborator in', only: isTest },
  {
    pattern: /setTimeout\((resolve|done|r)\b|\bsetTimeout\b[^\n]*from 'node:timers\/promises'|await (sleep|delay)\(/,
    mend: 'inject a clock or await an event; tests do not sleep',
    only: (path) => path.endsWith('.test.ts'),
  },
];

/** @type {import('./workspace.mjs').Rule} */
export function bannedWords(workspace) {
  return sourcesOf(workspace).flatMap(({ path, text }) =>
    bans.flatMap(({ pattern, mend, only }) => {
      const found = only === undefined || only(path) ? pattern.exec(text) : null;
      return found === null ? [] : [`${path}:${lineAt(text, found.index)}: "${found[0].trim()}": ${mend}`];
    }),
  );
}

/** @param {string} text @param {number} index */
const lineAt = (text, index) => text.slice(0, index).split('\n').length;
