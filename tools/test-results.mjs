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
 * The names of what failed, for the end of a long output.
 *
 * @param {string | undefined} text
 * @returns {string[]}
 */
export function listFailed(text) {
  if (text === undefined) return [];
  return JSON.parse(text).testResults.flatMap(
    (/** @type {FileResult} */ { name, status, message, assertionResults }) => {
      const failed = assertionResults.filter((test) => test.status === 'failed');
      if (failed.length > 0)
        return failed.map(({ fullName, failureMessages }) => line(name, fullName, failureMessages[0]));
      return status === 'failed' ? [line(name, 'could not be loaded', message)] : [];
    },
  );
}

/**
 * @typedef {{
 *   name: string, status: string, message?: string,
 *   assertionResults: { status: string, fullName: string, failureMessages: string[] }[],
 * }} FileResult
 */

/** @param {string} file @param {string} test @param {string | undefined} why */
function line(file, test, why = '') {
  return `${file}: ${test}: ${why.split('\n', 1)[0]}`;
}
