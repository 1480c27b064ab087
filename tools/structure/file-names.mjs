// @ts-check
// A name that says nothing collects everything.

const banned = ['utils', 'util', 'helpers', 'helper', 'types', 'common', 'constants', 'index', 'misc', 'shared'];
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

/** @type {import('./workspace.mjs').Rule} */
export function fileNames({ files }) {
  return files.flatMap(({ path }) => {
    if (!/^(apps|libs|deploy|tools)\/.*\.(ts|tsx|mjs|sql|lua)$/.test(path)) return [];
    const name = path.slice(path.lastIndexOf('/') + 1);
    const stem = name.slice(0, name.indexOf('.'));
    if (banned.includes(stem)) return [`${path}: name it after its one main export; "${stem}" says nothing`];
    return kebab.test(name) ? [] : [`${path}: write the name in kebab-case`];
  });
}
