import { Failure } from '../model/failure.js';
import { openRepository } from '../repository/git.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import type { Examination, Finding, Level, Patient } from './doctor/finding.js';
import { examineFlags } from './doctor/flags.js';
import { examineHooks } from './doctor/hooks.js';
import { examineLocks } from './doctor/locks.js';
import { examineMachine } from './doctor/machine.js';
import { examinePacks } from './doctor/packs.js';
import { askRemote, examineRemote } from './doctor/remote.js';
import { examineServer } from './doctor/server.js';
import { examineState } from './doctor/state.js';
import { examineWork } from './doctor/work.js';
import { isSystemError, systemReason } from './exit.js';
import { repositoryFolder } from './folder.js';
import { count } from './format.js';
import { type Color, paint } from './paint.js';
import { shownLine } from './shown.js';
import { type Surroundings, variable } from './surroundings.js';

interface Options extends CommonOptions {
  readonly branch?: string;
  readonly json?: boolean;
  readonly remote?: boolean;
}

/** What is looked at, in this order; by the word that its findings begin with. */
const EXAMINATIONS: readonly (readonly [string, Examination])[] = [
  ['head', examineState],
  ['locks', examineLocks],
  ['work', examineWork],
  ['flags', examineFlags],
  ['packs', examinePacks],
  ['hooks', examineHooks],
  ['machine', examineMachine],
  ['remote', examineRemote],
  ['server', examineServer],
];

/** Only where it is wanted: it takes the network. */
const ASKING = ['remote', askRemote] as const;

/** `flagstaff doctor`: what is wrong with a clone and what to do about it; ends with 1 where something stops serving or writing. */
export function addDoctor({ program, around, end }: CommandPlace): void {
  addCommand(program, {
    usage: 'doctor',
    summary: 'explain the state of a repository, and what to do about it',
    examples: ['doctor', 'doctor --remote', 'doctor --repo /srv/flags --json'],
  })
    .option(
      '--branch <name>',
      'the branch that is served (FLAGSTAFF_BRANCH, else the one that is checked out)',
    )
    .option('--remote', 'ask the remote too (FLAGSTAFF_REMOTE, else where the clone came from)')
    .option('--json', 'print what is found as JSON')
    .action(async (options: Options) => {
      const asked = options.remote ? [...EXAMINATIONS, ASKING] : EXAMINATIONS;
      const findings = await examine(await patientOf(options, around), asked);
      if (options.json) around.print(JSON.stringify({ findings }, undefined, 2));
      else for (const line of report(findings, around)) around.print(line);
      if (findings.some(({ level }) => level === 'error')) end(1);
    });
}

async function patientOf(options: Options, around: Surroundings): Promise<Patient> {
  const folder = repositoryFolder(options.repo, around);
  const branch = options.branch ?? variable(around, 'FLAGSTAFF_BRANCH');
  return { folder, repository: await openRepository(folder), branch, now: around.now(), around };
}

/** One after the other: two that read the same disk would only hold each other up. */
async function examine(
  patient: Patient,
  examinations: readonly (readonly [string, Examination])[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [about, examination] of examinations) {
    findings.push(...(await attempt(about, () => examination(patient))));
  }
  return findings;
}

/** What one examination cannot read is a finding, and stops none of the others. */
async function attempt(about: string, work: () => ReturnType<Examination>): Promise<readonly Finding[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) return [{ level: 'error', about, message: error.message }];
    if (!isSystemError(error)) throw error;
    const message = `${error.path ?? 'the disk'}: ${systemReason(error)}`;
    return [{ level: 'error', about, message }];
  }
}

const LABELS: Readonly<Record<Level, string>> = {
  ok: 'ok     ',
  note: 'note   ',
  warning: 'warning',
  error: 'error  ',
};

const COLORS: Readonly<Record<Level, Color>> = { ok: 'green', note: 'dim', warning: 'yellow', error: 'red' };

/** A line for each finding, and one below it for what to do. */
function report(findings: readonly Finding[], around: Surroundings): readonly string[] {
  const widest = Math.max(...findings.map(({ about }) => about.length));
  const lines = findings.flatMap(({ level, about, message, remedy }) => {
    const label = paint(LABELS[level], COLORS[level], around);
    const line = `${label}  ${shownLine(`${about.padEnd(widest)}  ${message}`)}`;
    return remedy === undefined ? [line] : [line, `${' '.repeat(widest + 11)}-> ${shownLine(remedy)}`];
  });
  const numberOf = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  return [...lines, `${count(numberOf('error'), 'error')}, ${count(numberOf('warning'), 'warning')}`];
}
