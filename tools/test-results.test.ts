import { expect, it } from 'vitest';
import { countResults, listFailed } from './test-results.mjs';

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

it('names what failed with the first line of its reason', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'adds', failureMessages: [] },
    { status: 'failed', fullName: 'sums up', failureMessages: ['Error: 3 is not 4\n    at sum.test.ts:1'] },
  ];
  const testResults = [
    { name: 'sum.test.ts', status: 'failed', assertionResults },
    { name: 'gone.test.ts', status: 'failed', message: 'Cannot find it', assertionResults: [] },
    { name: 'well.test.ts', status: 'passed', assertionResults: [] },
  ];
  expect(listFailed(report({ testResults }))).toEqual([
    'sum.test.ts: sums up: Error: 3 is not 4',
    'gone.test.ts: could not be loaded: Cannot find it',
  ]);
  expect(listFailed(undefined)).toEqual([]);
});
