import { expect, it } from 'vitest';
import { countResults } from './test-results.mjs';

const report = (changes: object) =>
  JSON.stringify({ numPassedTests: 3, numFailedTests: 0, testResults: [], ...changes });

it('counts what passed and what failed', () => {
  expect(countResults({ text: report({ numFailedTests: 2 }), code: 1 })).toEqual({ passed: 3, failed: 2 });
  expect(countResults({ text: report({}), code: 0 })).toEqual({ passed: 3, failed: 0 });
});

it('counts a file that could not be loaded as one failure', () => {
  const text = report({ testResults: [{ status: 'failed', assertionResults: [] }] });
  expect(countResults({ text, code: 1 })).toEqual({ passed: 3, failed: 1 });
});

it('counts a run that ended badly as a failure though every test passed', () => {
  expect(countResults({ text: report({}), code: 1 })).toEqual({ passed: 3, failed: 1 });
  expect(countResults({ text: undefined, code: 139 })).toEqual({ passed: 0, failed: 1 });
});
