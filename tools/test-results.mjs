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
