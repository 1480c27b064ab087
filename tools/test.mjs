// @ts-check
// `npm test`: installs and builds what is missing, then runs every test: unit and medium ones in one run, the
// whole-system ones in a second. What fails is tried once more, and named with its reason though it passes then. The last
// line is `N passed, N failed`. Arguments name test files to narrow both runs.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../deploy/local/build.mjs';
import { ensureInstalled } from '../deploy/local/install.mjs';
import { provisionBrowser } from './provision-browser.mjs';
import { runCommand } from './run-command.mjs';
import { countResults, listFailures } from './test-results.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const suites = [
  { name: 'unit and medium', config: 'vitest.config.ts' },
  { name: 'whole system', config: 'apps/e2e/vitest.config.ts' },
];

const output = mkdtempSync(join(tmpdir(), 'sluice-test-results-'));
let totals = { passed: 0, failed: 0 };
const failures = listFailures(undefined);
try {
  await ensureInstalled(root);
  await ensureBuilt(root);
  const environment = await prepareEnvironment();
  for (const suite of suites.filter(({ config }) => existsSync(join(root, config)))) {
    const counted = await runSuite(suite, environment);
    totals = { passed: totals.passed + counted.passed, failed: totals.failed + counted.failed };
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  totals = { ...totals, failed: totals.failed + 1 };
} finally {
  rmSync(output, { recursive: true, force: true });
}

// No test at all is a failure too: something kept them from being found.
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
for (const failure of failures.mended) process.stdout.write(`failed at first: ${failure}\n`);
for (const failure of failures.failed) process.stdout.write(`failed: ${failure}\n`);
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);

/** @param {{ name: string, config: string }} suite @param {NodeJS.ProcessEnv} environment */
async function runSuite({ name, config }, environment) {
  process.stdout.write(`\n${name} tests\n`);
  const results = join(output, `${suites.findIndex((suite) => suite.config === config)}.json`);
  const named = process.argv.slice(2);
  const narrowed = named.length > 0 ? ['--passWithNoTests', ...named] : [];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', config, '--retry=1', ...reporters, ...narrowed];
  const { code } = await runCommand({ args, directory: root, environment, isShown: true });
  const text = existsSync(results) ? readFileSync(results, 'utf8') : undefined;
  const { failed, mended } = listFailures(text);
  failures.failed.push(...failed);
  failures.mended.push(...mended);
  return countResults({ text, code });
}

/** The stores and the browser that the tests start, installed where missing and put on their path. */
async function prepareEnvironment() {
  // Known only after the build: it is the launcher's own way to a Redis.
  const provision = join(root, 'deploy/local/dist/provision-redis.js');
  const { provisionRedis } = /** @type {typeof import('../deploy/local/src/provision-redis.js')} */ (
    await import(provision)
  );
  const redis = await provisionRedis({
    home: join(root, '.sluice'),
    environment: process.env,
    isRoot: process.getuid?.() === 0,
    say: (message) => process.stdout.write(`${message}\n`),
  });
  const browser = await provisionBrowser(root);
  const path = [process.env['PATH'], dirname(redis.command)].join(delimiter);
  return {
    ...process.env,
    PATH: path,
    ...(redis.libraryPath && { LD_LIBRARY_PATH: redis.libraryPath }),
    ...(browser && { CHROMIUM_PATH: browser }),
  };
}
