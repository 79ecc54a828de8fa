import { cpSync } from 'node:fs';
import { Failure } from '../../src/model/failure.js';
import { create, openOn, type Writable, writeOf } from '../../test/repository/writable.js';
import { repositoryAt, type TestRepository, temporaryFolder } from '../../test/support/git.js';
import { ERRORS, type ErrorCode, faultDisk } from './fault-disk.js';
import { type Meant, prepared, type Scenario } from './scenario.js';
import { discard, faultsAfterRestart, historyFaults } from './sound.js';
import { summed, type Tally } from './tally.js';

/** Lets every call of the scenario's writes fail, with each error; of many, every `every`-th. */
export async function failEverywhere(scenario: Scenario, every = 1): Promise<Tally> {
  const template = await prepared(scenario);
  const name = `P4, an error at every call: ${scenario.name}`;
  const ofCodes = await Promise.all(ERRORS.map((code) => failWith(template, { scenario, code, every })));
  discard(template);
  return summed(name, ofCodes);
}

async function failWith(
  template: TestRepository,
  {
    scenario,
    code,
    every,
  }: { readonly scenario: Scenario; readonly code: ErrorCode; readonly every: number },
): Promise<Tally> {
  let [tries, acknowledged] = [0, 0];
  const faults: string[] = [];
  for (let call = 1; ; call += every) {
    const tried = await failAt(template, { scenario, code, call });
    if (!tried.hasStruck) return { name: code, tries, acknowledged, faults };
    tries += 1;
    acknowledged += tried.acknowledged;
    faults.push(...tried.faults.map((fault) => `${scenario.name}, ${code} at call ${call}: ${fault}`));
  }
}

interface Try {
  readonly scenario: Scenario;
  readonly code: ErrorCode;
  readonly call: number;
}

interface Tried {
  readonly hasStruck: boolean;
  readonly acknowledged: number;
  readonly faults: readonly string[];
}

async function failAt(template: TestRepository, { scenario, code, call }: Try): Promise<Tried> {
  const clone = repositoryAt(temporaryFolder());
  cpSync(template.dir, clone.dir, { recursive: true, preserveTimestamps: true });
  const base = await clone.head();
  const disk = faultDisk();
  const on = await openOn(clone, { disk });
  disk.arm(code, call);
  const results = await Promise.allSettled(scenario.writes.map(({ request }) => on.writer.write(request)));
  const hasStruck = disk.hasStruck();
  disk.disarm();
  const acknowledged = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value.commit] : []));
  const mayBeThere = scenario.writes.filter((_, at) => mayBe(results[at]));
  const expected = { base, writes: mayBeThere, acknowledged };
  const untold = results.flatMap((one) => (one.status === 'rejected' ? unexpected(one.reason) : []));
  const before = await historyFaults(clone, expected);
  // By turns the same process goes on, and another one is started.
  const again = call % 2 === 0 ? await writeAgain(on, mayBeThere) : { writes: mayBeThere, faults: [] };
  await on.close();
  const after = await faultsAfterRestart(clone, { ...expected, writes: again.writes });
  discard(clone);
  return {
    hasStruck,
    acknowledged: acknowledged.length,
    faults: [...untold, ...before, ...again.faults, ...after],
  };
}

/** A write that is refused has not been made, unless it says that nobody knows. */
function mayBe(result: PromiseSettledResult<unknown> | undefined): boolean {
  if (result?.status !== 'rejected') return true;
  return result.reason instanceof Failure && result.reason.code === 'COMMIT_NOT_FLUSHED';
}

function unexpected(reason: unknown): string[] {
  return reason instanceof Failure ? [] : [`a write ends in what is no failure: ${reason}`];
}

const AGAIN = 'again';

async function writeAgain(
  { writer }: Writable,
  writes: readonly Meant[],
): Promise<{ readonly writes: readonly Meant[]; readonly faults: readonly string[] }> {
  const effect = [`A\tflags/acme/web-app/flags/${AGAIN}.yaml`];
  const request = writeOf(create(AGAIN));
  return writer.write(request).then(
    () => ({ writes: [...writes, { request, effect }], faults: [] }),
    (error) => ({ writes, faults: [`the same process cannot go on: ${error}`] }),
  );
}
