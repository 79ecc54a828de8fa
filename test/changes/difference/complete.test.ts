import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Difference } from '../../../src/changes/difference.js';
import { diffFiles, type FileSide } from '../../../src/changes/difference-files.js';
import type { Pointer } from '../../../src/model/problem.js';
import type { JsonValue } from '../../../src/model/values.js';
import { filePair } from './file-pair.js';
import { RICH_FILES, type RichFile } from './rich-files.js';
import { isMeant, ORDERED } from './schema-meaning.js';
import { Schema } from './schema-samples.js';
import { type Step, stepsOf } from './schema-steps.js';

const ROOT_NAMES = {
  flag: 'FlagFile',
  segment: 'SegmentFile',
  overrides: 'OverridesFile',
  tests: 'TestsFile',
  project: 'ProjectFile',
  org: 'OrgFile',
  'api-keys': 'ApiKeysFile',
  config: 'ConfigFile',
} as const;

const FILES = RICH_FILES.map((file) => ({ ...file, schema: new Schema(file.schema, ROOT_NAMES[file.kind]) }));

type SchemaFile = Omit<RichFile, 'schema'> & { readonly schema: Schema };

/** The differences from one value of a file to another; undefined where one of them is not valid. */
function diff(path: string, before: JsonValue, after: JsonValue): readonly Difference[] | undefined {
  const pair = { path, before: sideOf(path, before), after: sideOf(path, after) };
  const isValid = [pair.before, pair.after].every((side) => side?.parsed?.value !== undefined);
  return isValid ? diffFiles([pair]) : undefined;
}

const read = new Map<string, FileSide | undefined>();

/** A version of a file, as JSON, which is YAML too; each text is read once. */
function sideOf(path: string, value: JsonValue): FileSide | undefined {
  const text = JSON.stringify(value);
  if (!read.has(text)) read.set(text, filePair(path, null, text).after);
  return read.get(text);
}

/** What is wrong with how a step is told; undefined where the step makes no valid file. */
function faultsOf(file: SchemaFile, step: Step, root: JsonValue): readonly string[] | undefined {
  const next = step.apply(root);
  const [there, back] = [diff(file.path, root, next), diff(file.path, next, root)];
  if (there === undefined || back === undefined) return undefined;
  const meant = isMeant(step, root);
  const faults = [...faultsIn(there, step, meant), ...faultsIn(back, step, meant)];
  return faults.map((fault) => `${step.field} ${step.kind} at ${step.at.join('/')}: ${fault}`);
}

function faultsIn(differences: readonly Difference[], { at }: Step, meant: boolean): readonly string[] {
  const kinds = differences.map(({ part }) => part.kind);
  const told = differences.map(({ sentence }) => sentence).join('; ');
  if (!meant) return kinds.join() === 'layout' ? [] : [`the meaning is the same, but told is: ${told}`];
  const isThere = differences.some(
    (difference) => isWithin(difference.at, at) || isWithin(at, difference.at),
  );
  return [
    ...(kinds.length === 0 || kinds.includes('layout') ? ['silent'] : []),
    ...(isThere ? [] : [`another place is told: ${told}`]),
    ...differences.flatMap(formFaults),
  ];
}

function formFaults({ sentence, environment, at, action, ...values }: Difference): readonly string[] {
  const wanted = at[0] === 'environments' && values.resource.type === 'flag' ? at[1] : environment;
  const prefix = environment === undefined ? '' : `${environment}: `;
  return [
    ...(environment === wanted && sentence.startsWith(prefix) ? [] : [`not of ${wanted}: ${sentence}`]),
    ...(/undefined|\[object|\.$|\n/.test(sentence) || sentence.length > 500
      ? [`badly said: ${sentence}`]
      : []),
    ...(/(?:^|[ :])(\S.*) → \1$/.test(sentence) ? [`no change is told: ${sentence}`] : []),
    ...(action === 'added' && 'before' in values ? ['added, but it was there'] : []),
    ...(action === 'removed' && 'after' in values ? ['removed, but it is there'] : []),
  ];
}

function isWithin(inner: Pointer, outer: Pointer): boolean {
  return outer.every((step, index) => inner[index] === step);
}

/** Fields whose change makes no valid file unless another one changes too; the table of sentences has them. */
const NOT_ALONE = new Set(['FlagFile.type set', 'FlagFile.type remove', 'FlagFile.type change']);

test('no field of the schemas is silent: each is set, changed and removed, each item added, removed, changed and moved', () => {
  const covered = new Set<string>();
  const faults = FILES.flatMap((file) => {
    const inspect =
      (root: JsonValue) =>
      (step: Step): readonly string[] => {
        const found = faultsOf(file, step, root);
        if (found === undefined) return [];
        if (isMeant(step, root)) covered.add(`${step.field} ${step.kind}`);
        if (step.kind === 'set') covered.add(`${step.field} remove`);
        if (step.kind === 'remove') covered.add(`${step.field} set`);
        return found;
      };
    const steps = stepsOf(file.schema, file.value);
    const deeper = firstSets(steps).flatMap(({ apply, at, field }) => {
      if (covered.has(`${field} change`)) return [];
      const root = apply(file.value);
      const within = stepsOf(file.schema, root).filter((step) => isWithin(step.at, at));
      return within.flatMap(inspect(root));
    });
    return [...steps.flatMap(inspect(file.value)), ...deeper];
  });
  assert.equal(faults.slice(0, 20), []);
  assert.equal(
    wantedCoverage().filter((wanted) => !covered.has(wanted)),
    [],
  );
});

/** One step that sets each field. */
function firstSets(steps: readonly Step[]): readonly Step[] {
  const sets = steps.filter(({ kind }) => kind === 'set');
  return [...new Map(sets.map((step) => [step.field, step])).values()];
}

/** Every field of every definition: set and removed where it is optional, changed where it holds no more than a value. */
function wantedCoverage(): readonly string[] {
  const wanted = FILES.flatMap(({ schema }) =>
    schema.objects().flatMap(({ name, node }) =>
      Object.entries(node.properties ?? {}).flatMap(([property, child]) => {
        const { node: target } = schema.resolve(child, '');
        const field = `${name}.${property}`;
        const isNested = target.properties ?? target.additionalProperties ?? target.items;
        return [
          ...(node.required?.includes(property) ? [] : [`${field} set`, `${field} remove`]),
          ...(isNested === undefined ? [`${field} change`] : []),
        ];
      }),
    ),
  );
  const swaps = [...ORDERED, 'OverridesFile'].map((field) => `${field} swap`);
  return [...new Set(wanted), ...swaps].filter((field) => !NOT_ALONE.has(field));
}

test('in random files every change is told where it is, and the identical file tells nothing', () => {
  const choice = fc.nat({ max: 1_000_000 });
  fc.assert(
    fc.property(choice, fc.array(choice, { maxLength: 5 }), choice, (index, places, place) => {
      const file = FILES[index % FILES.length];
      if (file === undefined) return;

      const root = places.reduce((value, each) => validStep(file, value, each), file.value);
      const steps = stepsOf(file.schema, root);
      const step = steps[place % steps.length];
      if (step === undefined || isUncertain(step)) return;
      assert.equal(faultsOf(file, step, root) ?? [], []);
      assert.equal(diff(file.path, root, structuredClone(root)), []);
    }),
    { seed: 20_260_115, numRuns: 120 },
  );
});

/** The value after one of its steps; as it is where that makes no valid file. */
function validStep(file: SchemaFile, value: JsonValue, place: number): JsonValue {
  const steps = stepsOf(file.schema, value);
  const next = steps[place % steps.length]?.apply(value) ?? value;
  return diff(file.path, value, next) === undefined ? value : next;
}

/** Weights of a split that random steps may have left with one variant mean what they meant whatever they are. */
function isUncertain({ field, at }: Step): boolean {
  return field.endsWith('serve.*') || at.includes('serve');
}

test.run();
