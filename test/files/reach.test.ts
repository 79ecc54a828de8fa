import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeContradiction, judgeReach } from '../../src/files/meaning-reach.js';
import type { Clause } from '../../src/model/clause.js';
import type { Rule } from '../../src/model/flag.js';

const test = suite('rules that never decide');
const DE: Clause = { attribute: 'country', equals: 'DE' };
const FR: Clause = { attribute: 'country', equals: 'FR' };
const PRO: Clause = { attribute: 'plan', equals: 'pro' };
const BETA: Clause = { segment: 'beta' };

/** The places of the rules that never decide. */
function unreached(...rules: readonly Omit<Rule, 'id'>[]): readonly number[] {
  const named = rules.map((rule, place) => ({ id: `r-${place}`, ...rule }));
  return judgeReach(named, []).map(({ at }) => Number(at[0]));
}

function contradicts(...clauses: readonly Clause[]): boolean {
  return judgeContradiction(clauses, ['when']).length > 0;
}

test('a rule behind one for everyone is never reached', () => {
  assert.equal(unreached({ serve: 'off' }, { when: [DE] }, {}), [1, 2]);
  assert.equal(unreached({ percentage: 100 }, { when: [DE] }), [1]);
  assert.equal(unreached({ serve: { on: 1, off: 0 } }, { when: [DE] }), [1]);
  assert.equal(unreached({ percentage: 99.999 }, { when: [DE] }), []);
  assert.equal(unreached({ serve: { on: 1, off: 1 } }, { when: [DE] }), []);
  assert.equal(
    judgeReach([{ id: 'all' }, { id: 'germans', when: [DE] }], []).map(({ message }) => message),
    ['[1]: rule germans is never reached; rule all before it applies to everyone'],
  );
});

test('a rule is never reached where one before it asks for no more than it does', () => {
  assert.equal(unreached({ when: [DE] }, { when: [DE], serve: 'off' }), [1]);
  assert.equal(unreached({ when: [DE] }, { when: [PRO, DE] }, { when: [BETA, { all: [DE] }] }), [1, 2]);
  assert.equal(unreached({ when: [{ attribute: 'country', in: ['FR', 'DE'] }] }, { when: [FR] }), [1]);
  assert.equal(
    unreached(
      { when: [{ attribute: 'country', notEquals: 'FR' }] },
      { when: [{ attribute: 'country', notIn: ['FR', 'DE'] }] },
    ),
    [1],
  );
  assert.equal(unreached({ when: [{ any: [DE, FR] }] }, { when: [{ any: [DE, FR] }, PRO] }), [1]);
});

test('a rule that may be reached is not told', () => {
  assert.equal(unreached({ when: [DE, PRO] }, { when: [DE] }), []);
  assert.equal(unreached({ when: [DE], percentage: 50 }, { when: [DE] }), []);
  assert.equal(unreached({ when: [DE], serve: { on: 1, off: 1 } }, { when: [DE] }), []);
  assert.equal(unreached({ when: [FR] }, { when: [{ attribute: 'country', in: ['FR', 'DE'] }] }), []);
  assert.equal(
    unreached({ when: [DE] }, { when: [{ attribute: 'country', equals: 'DE', ignoreCase: true }] }),
    [],
  );
  assert.equal(
    unreached({ when: [{ attribute: 'age', gte: 18 }] }, { when: [{ attribute: 'age', gte: 21 }] }),
    [],
  );
});

test('clauses that contradict each other mean nobody, lists of values or not', () => {
  assert.ok(contradicts({ attribute: 'country', exists: false }, DE));
  assert.ok(contradicts({ attribute: 'country', exists: false, equals: 'DE' }));
  assert.ok(contradicts({ attribute: 'country', exists: true }, { attribute: 'country', exists: false }));
  assert.ok(contradicts(DE, { attribute: 'country', notEquals: 'DE' }));
  assert.ok(contradicts({ attribute: 'country', in: ['DE', 'FR'], notIn: ['FR', 'DE', 'IT'] }));
  assert.ok(contradicts(BETA, { not: BETA }));
  assert.ok(contradicts({ not: { all: [DE, PRO] } }, PRO, { all: [DE, BETA] }));
  assert.equal(unreached({ when: [BETA, { not: BETA }] }, { when: [BETA] }), [0]);
});

test('what some caller may meet is no contradiction', () => {
  assert.not.ok(contradicts(DE, FR), 'an attribute may be a list that has both');
  assert.not.ok(contradicts({ attribute: 'age', gte: 5, lt: 3 }), 'a list may have one of each');
  assert.not.ok(contradicts({ attribute: 'country', in: ['DE', 'FR'], notEquals: 'FR' }));
  assert.not.ok(
    contradicts(
      { attribute: 'country', equals: 'DE', ignoreCase: true },
      { attribute: 'country', notEquals: 'DE' },
    ),
  );
  assert.not.ok(contradicts({ attribute: 'country', exists: false }, { attribute: 'plan', exists: true }));
  assert.not.ok(contradicts({ not: { all: [DE, PRO] } }, PRO));
  assert.not.ok(contradicts({ any: [BETA, { not: BETA }] }));
});

test.run();
