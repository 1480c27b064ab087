// @ts-check
// The files of all upstreams, with one more in them.
import { fill } from './new-files.mjs';

/** @typedef {import('./names.mjs').Names} Names */

/** Each takes the text that is there and gives the one to be. @type {Record<string, (text: string, names: Names) => string>} */
export const sharedFiles = {
  'libs/manifests/src/upstreams.ts': addManifest,
  'apps/simulator/src/start-simulator.ts': addVendor,
  'docker-compose.yml': addService,
  'tsconfig.json': addReferences,
};

/** @param {string} text @param {Names} names */
function addManifest(text, { id, camel }) {
  const imported = withImport(text, `import { ${camel}Manifest } from './${id}.js';`);
  return replaced(
    imported,
    /(UPSTREAMS: readonly UpstreamManifest\[\] = \[)([^\]]*?),?\s*\]/,
    `$1$2, ${camel}Manifest]`,
  );
}

/** @param {string} text @param {Names} names */
function addVendor(text, { id, camel }) {
  const imported = withImport(text, `import { ${camel}Vendor } from './${id}/${id}-vendor.js';`);
  return replaced(imported, /(const vendors: readonly Vendor\[\] = \[)([^\]]*?),?\s*\]/, `$1$2, ${camel}Vendor]`);
}

/** Before the simulator, after the other workers. @param {string} text @param {Names} names */
function addService(text, names) {
  return replaced(text, /^ {2}simulator:\n/m, (found) => fill('service', names) + found);
}

/** @param {string} text @param {Names} names */
function addReferences(text, { id }) {
  const config = JSON.parse(text);
  const paths = config.references.map((/** @type {{ path: string }} */ { path }) => path);
  const references = [...paths, `apps/${id}-worker`, `libs/upstreams/${id}`].sort(byText).map((path) => ({ path }));
  return `${JSON.stringify({ ...config, references }, null, 2)}\n`;
}

/** @param {string} left @param {string} right */
const byText = (left, right) => (left < right ? -1 : 1);

/** After the last of them. @param {string} text @param {string} line */
function withImport(text, line) {
  return replaced(text, /^(?:import [^\n]*\n)+/m, (block) => `${block}${line}\n`);
}

/** @param {string} text @param {RegExp} pattern @param {string | ((found: string) => string)} replacement */
function replaced(text, pattern, replacement) {
  const result = text.replace(pattern, /** @type {string} */ (replacement));
  if (result === text) throw new Error(`A file is not as it is expected: nothing in it is ${pattern}.`);
  return result;
}
