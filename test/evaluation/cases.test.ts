import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../src/evaluation/compile.js';
import type { CompiledProject } from '../../src/evaluation/compiled.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import { explain } from '../../src/evaluation/explain.js';
import { type Case, type CaseFile, loadCaseFiles, momentOf, snapshotOf } from '../support/cases.js';

for (const [name, file] of loadCaseFiles()) {
  const compiled = compileNow(snapshotOf(file));
  for (const one of file.cases) {
    test(`${name}: ${file.title}: ${one.title} (${file.source})`, () => {
      assert.equal(answerOf(compiled, file, one), expectedOf(one));
    });
  }
}

test('explain gives the same answers to every case (DESIGN 4)', () => {
  for (const file of loadCaseFiles().values()) {
    const compiled = compileNow(snapshotOf(file));
    for (const one of file.cases) {
      const environment = environmentOf(compiled, one);
      const { evaluation } = explain(environment, one.flag, one.context, momentOf(file, one));
      assert.equal(evaluation, expectedOf(one), one.title);
    }
  }
});

function answerOf(compiled: CompiledProject, file: CaseFile, one: Case): unknown {
  return evaluate(environmentOf(compiled, one), one.flag, one.context, momentOf(file, one));
}

function environmentOf(compiled: CompiledProject, one: Case) {
  const environment = compiled.environments.get(one.environment ?? compiled.project.defaultEnvironment);
  if (environment === undefined) throw new Error(`no environment ${one.environment}`);
  return environment;
}

function expectedOf({ flag, expect }: Case): unknown {
  const { variant, value, reason, metadata = {} } = expect;
  if (expect.kind === 'missing') return { kind: 'missing', flagKey: flag, errorCode: 'FLAG_NOT_FOUND' };
  if (variant === undefined) return { kind: 'default', flagKey: flag, reason, metadata };
  return { kind: 'value', flagKey: flag, variant, value, reason, metadata };
}

test.run();
