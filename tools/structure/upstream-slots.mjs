// @ts-check
// An upstream is a manifest, a library and a worker. One without the others is a name that nobody answers.

const list = 'libs/manifests/src/upstreams.ts';

/** @type {import('./workspace.mjs').Rule} */
export function upstreamSlots({ files, packages }) {
  const paths = files.map(({ path }) => path);
  const listed = files.find(({ path }) => path === list)?.text ?? '';
  const names = packages.flatMap(({ tags }) =>
    tags.filter((tag) => tag.startsWith('upstream:')).map((tag) => tag.slice(9)),
  );
  const manifests = [...listed.matchAll(/from '\.\/([a-z0-9-]+)\.js'/g)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'upstream-manifest');
  return [...new Set([...names, ...manifests])].flatMap((name) => {
    const problems = requiredOf(name)
      .filter((path) => !paths.some((present) => present === path || (path.endsWith('/') && present.startsWith(path))))
      .map((path) => `upstream ${name}: add ${path}`);
    return manifests.includes(name) ? problems : [...problems, `upstream ${name}: add its manifest to ${list}`];
  });
}

/** @param {string} name */
function requiredOf(name) {
  const source = `libs/upstreams/${name}/src`;
  return [
    `libs/manifests/src/${name}.ts`,
    ...['upstream', 'credential', 'error'].map((slot) => `${source}/${name}.${slot}.ts`),
    `${source}/__fixtures__/`,
    `apps/${name}-worker/src/main.ts`,
  ];
}
