import type { Population } from './population.js';
import type { ToldImpact } from './told.js';

/** The impact for programs: `moved` and `contexts` first, then each flag, with what it was measured with. */
export function impactJson({ impact, before, after, population, skipped, nowhere, now }: ToldImpact): object {
  const { moved, contexts, flags } = impact;
  return {
    moved,
    contexts,
    before: { ...before, commit: before.commit ?? null },
    after: { ...after, commit: after.commit ?? null },
    now: new Date(now).toISOString(),
    population: populationJson(population, { skipped, nowhere }),
    flags,
  };
}

function populationJson(population: Population, left: Pick<ToldImpact, 'skipped' | 'nowhere'>): object {
  if (population.kind === 'file') return { kind: 'file', file: population.file, ...left };
  const { kind, count, seed } = population;
  return { kind, count, seed };
}
