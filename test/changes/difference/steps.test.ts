import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Steps } from '../../../src/changes/difference/steps.js';
import { diffFiles, diffFilesInSteps, type FilePair } from '../../../src/changes/difference-files.js';
import { filePair } from './file-pair.js';

const test = suite('changes/difference/steps');

const PROJECT = 'flags/acme/web-app';
const NAMES = 5_000;

/** How many steps it takes. */
function count(steps: Steps<unknown>): number {
  let times = 1;
  while (!steps.next().done) times += 1;
  return times;
}

function namesOf(count: number, indent: string): string {
  return Array.from({ length: count }, (_, number) => `${indent}- user-${number}\n`).join('');
}

function overrides(count: number, serve: string): FilePair {
  const text = (variant: string) => `- serve: ${variant}\n  reason: why\n  users:\n${namesOf(count, '    ')}`;
  return filePair(`${PROJECT}/overrides/a.yaml`, text(serve), text('off'));
}

function members(count: number): FilePair {
  const text = (more: number) => `include:\n  users:\n${namesOf(more, '    ')}`;
  return filePair(`${PROJECT}/segments/a.yaml`, text(1), text(count));
}

test('a file of many names is compared in steps that do not grow with it (P13)', () => {
  for (const pair of [overrides(NAMES, 'on'), members(NAMES)]) {
    // Each of the names is gone through several times, some hundreds in a step.
    assert.ok(count(diffFilesInSteps([pair])) > NAMES / 100, pair.path);
  }
  assert.ok(count(diffFilesInSteps([overrides(3, 'on')])) < 20);
});

test('in steps the same is told', () => {
  for (const pair of [overrides(500, 'on'), members(500)]) {
    const steps = diffFilesInSteps([pair]);
    let step = steps.next();
    while (!step.done) step = steps.next();
    assert.equal(step.value, diffFiles([pair]));
    assert.ok(diffFiles([pair]).length >= 499);
  }
});

test.run();
