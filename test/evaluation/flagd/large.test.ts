import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../../src/evaluation/compile.js';
import type { CompiledEnvironment } from '../../../src/evaluation/compiled.js';
import { writeDefinitions } from '../../../src/evaluation/flagd/definitions.js';
import type { Clause } from '../../../src/model/clause.js';
import type { FlagFile } from '../../../src/model/flag.js';
import { type ProjectParts, snapshotOf } from '../../support/cases.js';
import { allDefinitions } from '../../support/flagd-proof.js';
import { production, ruled } from '../forms.js';

const WIDE = 10;
const DEEP = 40;
const FOREIGN: Clause = { attribute: 'x', matches: '^D' };

test('what nested segments cannot say is told once for each construct, however many ways lead there', () => {
  const { flags, refused } = allDefinitions(
    nested([FOREIGN, FOREIGN, { attribute: 'x', cidr: '10.0.0.0/8' }]),
  );
  assert.is(flags.size, 0);
  assert.equal(
    refused.map(({ construct, sentence }) => [construct, sentence.slice(0, sentence.indexOf(':'))]),
    [
      ['matches', `segment s${DEEP - 1}`],
      ['cidr', `segment s${DEEP - 1}`],
    ],
  );
});

test('nested segments that are more than fits once written out are refused by name, and never written out', () => {
  const { flags, refused } = allDefinitions(nested([{ attribute: 'x', equals: 'DE' }]));
  assert.is(flags.size, 0);
  assert.equal(
    refused.map(({ flag, construct }) => `${flag} ${construct}`),
    ['f size'],
  );
});

test('so many places are told in all; every flag that is left out is told', () => {
  const rules = Array.from({ length: 800 }, (_, number) => ({ id: `r-${number}`, when: [FOREIGN] }));
  const file: FlagFile = { environments: { production: { enabled: true, rules } } };
  const { refused } = allDefinitions(compiled({ flags: { a: file, b: file, c: file, d: file } }));
  const told = ['a', 'b', 'c', 'd'].map((key) => refused.filter(({ flag }) => flag === key).length);
  assert.equal(told, [800, 200, 1, 1]);
});

test('the work stops after each segment, flag and rule, so that it can be sliced within one flag', () => {
  const environment = nested([{ attribute: 'x', equals: 'DE' }]);
  let stops = 0;
  for (const _ of writeDefinitions(environment)) stops += 1;
  assert.ok(stops > DEEP, `${stops} stops`);
});

/** A flag that asks a segment twice, which asks another one in many places, and so on; the last has these clauses. */
function nested(clauses: readonly Clause[]): CompiledEnvironment {
  const segments: Record<string, { when: readonly Clause[] }> = {};
  for (let depth = 0; depth < DEEP; depth += 1) {
    const next: Clause[] = Array.from({ length: WIDE }, () => ({ segment: `s${depth + 1}` }));
    segments[`s${depth}`] = { when: [{ any: depth === DEEP - 1 ? clauses : next }] };
  }
  return compiled({ flags: { f: ruled([{ segment: 's0' }, { segment: 's0' }]) }, segments });
}

function compiled(parts: ProjectParts): CompiledEnvironment {
  return production(compileNow(snapshotOf(parts)));
}

test.run();
