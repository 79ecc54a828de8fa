import { compileNow } from '../../evaluation/compile.js';
import type { CompiledProject } from '../../evaluation/compiled.js';
import { coverageOf, type DecidingPlace } from '../../evaluation/coverage.js';
import type { Flag, ProjectSnapshot } from '../../model/snapshot.js';
import { warningAt } from '../issue.js';
import type { Finding } from '../parsed.js';
import { toFindings } from '../settle.js';
import { placeInFiles, placeWords } from './deciding-places.js';

/** Flags whose coverage is asked for. */
interface UntestedInput {
  readonly project: ProjectSnapshot;
  readonly flags: readonly Flag[];
  readonly compiled: ((project: ProjectSnapshot) => CompiledProject | undefined) | undefined;
  readonly now: number;
}

/** What no test case reaches: of a flag without any case the flag itself, else each place of its files. */
export function judgeUntested({ project, flags, compiled, now }: UntestedInput): Finding[] {
  if (flags.length === 0) return [];
  const forms = compiled?.(project) ?? compileNow(project);
  return flags.flatMap((flag) => {
    const missed = coverageOf(forms, flag, now).places.filter(({ cases }) => cases === 0);
    if (missed.length === 0) return [];
    if (flag.tests.length === 0) return untestedFlag(flag);
    return missed.flatMap(({ at }) => untestedPlace(project, flag, at));
  });
}

function untestedFlag({ key, path }: Flag): Finding[] {
  return toFindings(path, [warningAt([], 'UNTESTED', `flag ${key}: no test case asks for it`)]);
}

function untestedPlace(project: ProjectSnapshot, flag: Flag, place: DecidingPlace): Finding[] {
  const { path, at } = placeInFiles(project, flag, place);
  const sentence = `flag ${flag.key}: no test case reaches ${placeWords(place)}`;
  return toFindings(path, [warningAt(at, 'UNTESTED', sentence)]);
}
