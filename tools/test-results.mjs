// @ts-check
/**
 * Reads vitest's JSON report. A file that could not be loaded has no tests of its own but fails as one; so does a run
 * that ended badly without saying why, a crash or an error outside of any test.
 *
 * @param {{ text: string | undefined, code: number }} run
 * @returns {{ passed: number, failed: number }}
 */
export function countResults({ text, code }) {
  if (text === undefined) return { passed: 0, failed: code === 0 ? 0 : 1 };
  const report = JSON.parse(text);
  const unloaded = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: { status: string }[] }} */ file) =>
      file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const failed = report.numFailedTests + unloaded.length;
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

/**
 * The names of what failed, and of what failed at first, for the end of a long output.
 *
 * @param {string | undefined} text
 * @returns {{ failed: string[], mended: string[] }}
 */
export function listFailures(text) {
  /** @type {{ failed: string[], mended: string[] }} */
  const listed = { failed: [], mended: [] };
  if (text === undefined) return listed;
  for (const { name, status, message, assertionResults } of /** @type {FileResult[]} */ (
    JSON.parse(text).testResults
  )) {
    const isUnloaded = status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
    if (isUnloaded) listed.failed.push(line(name, 'could not be loaded', message));
    for (const { status: end, fullName, failureMessages } of assertionResults) {
      if (end === 'failed') listed.failed.push(line(name, fullName, failureMessages[0]));
      else if (failureMessages.length > 0) listed.mended.push(line(name, fullName, failureMessages[0]));
    }
  }
  return listed;
}

/**
 * @typedef {{
 *   name: string, status: string, message?: string,
 *   assertionResults: { status: string, fullName: string, failureMessages: string[] }[],
 * }} FileResult
 */

/**
 * With the line that repeats a property, where it has one.
 *
 * @param {string} file @param {string} test @param {string | undefined} why
 */
function line(file, test, why = '') {
  const [first = '', second = ''] = why.split('\n', 2);
  return `${file}: ${test}: ${first}${second.startsWith('{ seed') ? ` ${second}` : ''}`;
}
