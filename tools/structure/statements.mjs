// @ts-check
// One SQL statement or Lua script a file; a script's name says how many keys it takes: `lease.1.lua`.

/** @type {import('./workspace.mjs').Rule} */
export function statements({ files }) {
  return files.flatMap(({ path, text }) => {
    if (path.endsWith('.lua')) return luaProblems(path, text);
    if (path.endsWith('.sql') && !path.startsWith('prisma/')) return sqlProblems(path, text);
    return [];
  });
}

/** @param {string} path @param {string} text */
function luaProblems(path, text) {
  const arity = /\/[a-z0-9-]+\.(\d+)\.lua$/.exec(path)?.[1];
  if (arity === undefined) return [`${path}: name it <name>.<number of keys>.lua`];
  const used = Math.max(0, ...[...text.matchAll(/KEYS\[(\d+)\]/g)].map(([, number]) => Number(number)));
  return used === Number(arity) ? [] : [`${path}: uses ${used} keys; name it so`];
}

/** @param {string} path @param {string} text */
function sqlProblems(path, text) {
  const bare = text
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, '')
    .replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, '')
    .trim()
    .replace(/;$/, '');
  if (bare === '') return [`${path}: holds no statement; remove it`];
  return bare.includes(';') ? [`${path}: holds more than one statement; one file each`] : [];
}
