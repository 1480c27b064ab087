// @ts-check
// `tsc -b` at the root builds what tsconfig.json lists.

/** @type {import('./workspace.mjs').Rule} */
export function buildRoots({ files, packages }) {
  const root = files.find(({ path }) => path === 'tsconfig.json');
  const listed = JSON.parse(root?.text ?? '{}').references ?? [];
  return packages.flatMap(({ folder }) => {
    if (!files.some(({ path }) => path === `${folder}/tsconfig.json`)) return [`${folder}: add a tsconfig.json`];
    const isListed = listed.some((/** @type {{ path: string }} */ { path }) => path === folder);
    return isListed ? [] : [`tsconfig.json: add a reference to ${folder}`];
  });
}
