// @ts-check
// The arrow, as data for @nx/enforce-module-boundaries. Tags stand in each package.json under `nx.tags`.
// A project must satisfy every constraint whose tag it carries.
import { readWorkspace } from '../structure/workspace.mjs';

/** Layer → the layers it may import. */
const layers = {
  contracts: [],
  manifests: ['contracts'],
  wire: ['contracts', 'manifests', 'wire'],
  'upstream-kit': ['contracts', 'manifests', 'wire'],
  upstreams: ['contracts', 'manifests', 'wire', 'upstream-kit'],
  platform: ['contracts', 'manifests', 'platform'],
  domain: ['contracts', 'manifests', 'platform', 'domain'],
  'worker-runtime': ['contracts', 'manifests', 'upstream-kit', 'platform', 'domain'],
  testing: ['contracts', 'manifests', 'platform', 'domain'],
  app: ['contracts', 'manifests', 'wire', 'upstream-kit', 'upstreams', 'platform', 'domain', 'worker-runtime'],
};

/** @param {string} layer */
const tagOf = (layer) => `layer:${layer}`;

/** @param {string[]} extra layers that everyone may import as well */
const layerConstraints = (extra) =>
  Object.entries(layers).map(([layer, allowed]) => ({
    sourceTag: tagOf(layer),
    onlyDependOnLibsWithTags: [...allowed, ...extra].map(tagOf),
  }));

const dialects = readWorkspace(process.cwd())
  .packages.flatMap(({ tags }) => tags)
  .filter((tag) => tag.startsWith('dialect:') && tag !== 'dialect:shared');

/** Dialects, and what they share, do not know each other. */
const dialectConstraints = [...dialects, 'dialect:shared'].map((dialect) => ({
  sourceTag: dialect,
  notDependOnLibsWithTags: dialects.filter((other) => other !== dialect),
}));

const appConstraints = [
  // The gateway knows upstreams by their manifests only.
  { sourceTag: 'app:gateway', notDependOnLibsWithTags: ['upstreams', 'upstream-kit', 'worker-runtime'].map(tagOf) },
  // A stand-in that shared our code would share our mistakes.
  { sourceTag: 'app:simulator', onlyDependOnLibsWithTags: [] },
];

export const depConstraints = [...layerConstraints([]), ...dialectConstraints, ...appConstraints];

/** Tests may stand on @sluice/testing as well. */
export const testDepConstraints = [
  ...layerConstraints(['testing']),
  ...dialectConstraints,
  ...appConstraints.slice(0, 1),
];
