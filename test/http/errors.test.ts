import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answerOf, errorBody } from '../../src/http/errors.js';
import { Failure, type FailureKind } from '../../src/model/failure.js';

const test = suite('errors');

function bodyAt(path: string, kind: FailureKind, code: string): unknown {
  const failure = new Failure(kind, code, 'one sentence', { data: { details: { flag: 'banner' } } });
  return errorBody(
    answerOf(failure, () => undefined),
    path,
  );
}

/** Kind, our code, and the code of seed 004 for its status. */
const ADMIN: readonly (readonly [FailureKind, string, string])[] = [
  ['invalid', 'INVALID_KEY', 'INVALID_REQUEST'],
  ['not-found', 'FLAG_NOT_FOUND', 'NOT_FOUND'],
  ['conflict', 'FLAG_KILLED', 'CONFLICT'],
  ['limited', 'TOO_MANY_WRITES', 'RATE_LIMITED'],
];

for (const [kind, code, seedCode] of ADMIN) {
  test(`the admin API says ${seedCode} for ${code}, which is the reason (004)`, () => {
    assert.equal(bodyAt('/api/admin/projects/web-app/flags', kind, code), {
      error: { code: seedCode, message: 'one sentence', details: { flag: 'banner', reason: code } },
    });
  });
}

test('a code that is the seed’s own needs no reason (004)', () => {
  assert.equal(bodyAt('/api/admin/me', 'forbidden', 'FORBIDDEN'), {
    error: { code: 'FORBIDDEN', message: 'one sentence', details: { flag: 'banner' } },
  });
});

test('a status for which the seed has no code keeps ours', () => {
  assert.equal(bodyAt('/api/admin/me', 'precondition', 'PRECONDITION_FAILED'), {
    error: { code: 'PRECONDITION_FAILED', message: 'one sentence', details: { flag: 'banner' } },
  });
});

test('the configuration API says a sentence and nothing else (002)', () => {
  for (const path of [
    '/api/admin/config/features',
    '/api/admin/config/features/x',
    '/api/platform/segments',
  ]) {
    assert.equal(bodyAt(path, 'forbidden', 'FORBIDDEN'), { error: 'one sentence' });
  }
});

test('elsewhere the code is ours, also where a path only begins alike', () => {
  for (const path of ['/api/v1/feature-flags', '/api/administration', '/api/platforms', '/']) {
    assert.equal(bodyAt(path, 'not-found', 'FLAG_NOT_FOUND'), {
      error: { code: 'FLAG_NOT_FOUND', message: 'one sentence', details: { flag: 'banner' } },
    });
  }
});

test('a bug shows nothing of itself in any dialect (STYLE)', () => {
  const lines: string[] = [];
  const answer = answerOf(new Error('the secret is hunter2'), (line) => lines.push(line));
  for (const path of ['/api/admin/config/features', '/api/admin/me', '/api/v1/changes']) {
    assert.not.match(JSON.stringify(errorBody(answer, path)), /hunter2/);
  }
  assert.match(lines.join(), /hunter2/);
});

test.run();
