import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newProblems } from '../../../src/files/checks/new-problems.js';
import type { Problem, Severity } from '../../../src/model/problem.js';

const test = suite('what is new among problems');

function problem(message: string, more: Partial<Problem> = {}): Problem {
  return {
    path: 'flags/acme/org.yaml',
    line: 1,
    column: 1,
    code: 'EXPIRED',
    severity: 'warning',
    message,
    ...more,
  };
}

function told(before: readonly Problem[], after: readonly Problem[]): readonly string[] {
  return newProblems(before, after).map(({ line, severity }) => `${line} ${severity}`);
}

test('what moved, or has another hint, is not new', () => {
  assert.equal(told([problem('no; did you mean a?')], [problem('no; did you mean b?', { line: 7 })]), []);
  assert.equal(told([problem('one')], [problem('two'), problem('one')]), ['1 warning']);
});

test('what is told more often is new as often as it is more', () => {
  const [once, twice] = [problem('ended'), problem('ended', { line: 2 })];
  assert.equal(told([once], [once, twice]), ['2 warning']);
  assert.equal(told([once, twice], [twice]), []);
  assert.equal(told([], [once, twice]), ['1 warning', '2 warning']);
});

test('a warning that became an error is new, an error that became a warning is not', () => {
  const at = (line: number, severity: Severity): Problem => problem('ended', { line, severity });
  assert.equal(told([at(1, 'warning')], [at(1, 'error')]), ['1 error']);
  assert.equal(told([at(1, 'error')], [at(1, 'warning')]), []);
  const before = [at(1, 'error'), at(2, 'warning')];
  assert.equal(told(before, [at(1, 'warning'), at(2, 'error')]), []);
  assert.equal(told(before, [at(1, 'warning'), at(2, 'error'), at(3, 'warning')]), ['3 warning']);
});

test.run();
