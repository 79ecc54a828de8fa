import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareAnswers } from '../../scripts/test/answers.js';

const test = suite('answers');

const DESCRIBED = ['GET /flags 200', 'GET /flags 404', 'DELETE /flags 204', 'DELETE /flags 409'];

test('answers that were seen are counted, others than the description has are not', () => {
  const seen = compareAnswers(
    new Set(['GET /flags 200', 'DELETE /flags 204', 'GET /else 200']),
    DESCRIBED,
    2,
  );
  assert.equal(seen, { seen: 2, described: 4, reasons: [] });
});

test('an operation that nobody saw succeed is not tested', () => {
  const { reasons } = compareAnswers(new Set(['GET /flags 200', 'DELETE /flags 409']), DESCRIBED, 0);
  assert.equal(reasons, ['no test saw DELETE /flags succeed']);
});

test('the count may not fall', () => {
  const { reasons } = compareAnswers(new Set(['GET /flags 200', 'DELETE /flags 204']), DESCRIBED, 3);
  assert.equal(reasons, ['tests saw 2 kinds of answer, and 3 before']);
});

test.run();
