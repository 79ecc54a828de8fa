import { diffFiles } from '../../../src/changes/difference-files.js';
import {
  type ComparedEnvironment,
  type ComparedOrg,
  compareOrg,
} from '../../../src/changes/impact/comparison.js';
import type { FlagImpact, Impact } from '../../../src/changes/impact/impact.js';
import { outcomeText } from '../../../src/changes/impact/impact.js';
import { ImpactTally } from '../../../src/changes/impact/tally.js';
import { compileNow } from '../../../src/evaluation/compile.js';
import type { EvaluationContext } from '../../../src/model/evaluation.js';
import type { OrgSnapshot } from '../../../src/model/snapshot.js';
import { loadTexts, NOW, sourcesOf, type Texts } from '../../files/org-files.js';

/** What changes, and who is asked. */
export interface Change {
  readonly before: Texts;
  readonly after: Texts;
  readonly contexts: readonly EvaluationContext[];
  readonly examples?: number;
  readonly now?: number;
}

/** The impact of a change of an organization's files. */
export function impactOf({ before, after, contexts, examples = 3, now = NOW }: Change): Impact {
  const tally = new ImpactTally(comparedOf({ before, after }), { now, examples });
  for (const context of contexts) tally.add({ context, count: 1 });
  return tally.finish(differencesOf({ before, after }));
}

/** What is compared of it. */
export function comparedOf({
  before,
  after,
}: Pick<Change, 'before' | 'after'>): readonly ComparedEnvironment[] {
  const older = loadTexts(before).snapshot;
  const newer = loadTexts(after, older).snapshot;
  return compareOrg(older && compiled(older), newer && compiled(newer));
}

export function compiled(snapshot: OrgSnapshot): ComparedOrg {
  const projects = [...snapshot.projects].map(([key, project]) => [key, compileNow(project)] as const);
  return { snapshot, projects: new Map(projects) };
}

/** `checkout in production: off → on 1, by rule canary 5 % → 20 %`, for each kind of move. */
export function toldOf({ flags }: Impact): readonly string[] {
  return flags.flatMap((flag) =>
    flag.moves.map(
      ({ from, to, contexts }) =>
        `${flag.flag} in ${flag.environment}: ${outcomeText(from)} → ${outcomeText(to)} ${contexts}, by ${causes(flag)}`,
    ),
  );
}

function causes({ because }: FlagImpact): string {
  return because.map(({ text }) => text).join('; ');
}

function differencesOf({ before, after }: Pick<Change, 'before' | 'after'>) {
  const [old, young] = [before, after].map(
    (texts) => new Map(sourcesOf(texts).map((file) => [file.path, file])),
  );
  const paths = new Set([...(old?.keys() ?? []), ...(young?.keys() ?? [])]);
  return diffFiles([...paths].map((path) => ({ path, before: old?.get(path), after: young?.get(path) })));
}
