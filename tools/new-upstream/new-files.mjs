// @ts-check
// The files that an upstream has for itself.
import { readFileSync } from 'node:fs';

/** @typedef {import('./names.mjs').Names} Names */

/** Each folder is the upstream's alone. @param {Names} names @returns {Record<string, string>} path → text */
export function newFiles(names) {
  const { id } = names;
  const library = `libs/upstreams/${id}`;
  const worker = `apps/${id}-worker`;
  return {
    [`libs/manifests/src/${id}.ts`]: fill('manifest', names),
    [`${library}/package.json`]: json(libraryPackage(id)),
    [`${library}/tsconfig.json`]: json(project(3, LIBRARY_REFERENCES)),
    [`${library}/src/${id}.upstream.ts`]: fill('upstream', names),
    [`${library}/src/${id}.credential.ts`]: fill('credential', names),
    [`${library}/src/${id}.request.ts`]: fill('request', names),
    [`${library}/src/${id}.error.ts`]: fill('error', names),
    [`${library}/src/${id}.chat.ts`]: fill('chat', names),
    [`${library}/src/${id}.conformance.test.ts`]: fill('conformance', names),
    [`${library}/src/__fixtures__/text.json`]: fill('recorded-answer', names),
    [`${library}/src/__fixtures__/text.sse`]: fill('recorded-stream', names),
    [`${worker}/package.json`]: json(workerPackage(id)),
    [`${worker}/tsconfig.json`]: json(project(2, [`../../${library}`, '../../libs/worker-runtime'])),
    [`${worker}/src/main.ts`]: fill('worker', names),
    [`apps/simulator/src/${id}/${id}-vendor.ts`]: fill('vendor', names),
    [`docs/upstreams/${id}.md`]: fill('page', names),
  };
}

/** @param {string} template @param {Names} names */
export function fill(template, names) {
  const text = readFileSync(new URL(`templates/${template}.txt`, import.meta.url), 'utf8');
  return fillIn(text, names);
}

/** @param {string} text @param {Names} names */
export function fillIn(text, names) {
  return text.replaceAll(
    /\{\{(id|camel|pascal|title)\}\}/g,
    (_, spelling) => names[/** @type {keyof Names} */ (spelling)],
  );
}

const LIBRARY_REFERENCES = [
  '../../contracts',
  '../../manifests',
  '../../upstream-kit',
  '../../wire/openai-chat',
  '../../wire/sse',
];

/** @param {string} id */
function libraryPackage(id) {
  return {
    ...head(`upstream-${id}`),
    exports: { './*': { '@sluice/source': './src/*.ts', types: './dist/*.d.ts', default: './dist/*.js' } },
    dependencies: {
      '@sluice/contracts': '0.1.0',
      '@sluice/manifests': '0.1.0',
      '@sluice/upstream-kit': '0.1.0',
      '@sluice/wire-openai-chat': '0.1.0',
      '@sluice/wire-sse': '0.1.0',
      zod: '4.6.7',
    },
    nx: { tags: ['layer:upstreams', `upstream:${id}`] },
  };
}

/** @param {string} id */
function workerPackage(id) {
  return {
    ...head(`${id}-worker`),
    dependencies: { [`@sluice/upstream-${id}`]: '0.1.0', '@sluice/worker-runtime': '0.1.0' },
    nx: { tags: ['layer:app', `app:${id}-worker`] },
  };
}

/** @param {string} name */
function head(name) {
  return { name: `@sluice/${name}`, version: '0.1.0', private: true, type: 'module' };
}

/** @param {number} depth @param {string[]} references */
function project(depth, references) {
  return {
    extends: `${'../'.repeat(depth)}tsconfig.base.json`,
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src'],
    references: references.map((path) => ({ path })),
  };
}

/** @param {object} value */
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
