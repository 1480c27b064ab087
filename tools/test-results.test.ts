import { expect, it } from 'vitest';
import { countResults, listFailures } from './test-results.mjs';

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
  expect(listFailures(report({ testResults }))).toEqual({
    failed: ['sum.test.ts: sums up: Error: 3 is not 4', 'gone.test.ts: could not be loaded: Cannot find it'],
    mended: [],
  });
  expect(listFailures(undefined)).toEqual({ failed: [], mended: [] });
});

it('names what passed only when it was tried again, and how a property is repeated', () => {
  const failureMessages = ['Error: Property failed after 3 tests\n{ seed: 42, path: "1:0" }\nCounterexample: [0]'];
  const assertionResults = [{ status: 'passed', fullName: 'never loses one', failureMessages }];
  const { mended } = listFailures(
    report({ testResults: [{ name: 'sum.test.ts', status: 'passed', assertionResults }] }),
  );
  expect(mended).toEqual([
    'sum.test.ts: never loses one: Error: Property failed after 3 tests { seed: 42, path: "1:0" }',
  ]);
});
