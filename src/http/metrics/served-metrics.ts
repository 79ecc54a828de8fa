import { Counter, Gauge, type Registry } from 'prom-client';
import type { Problem, Severity } from '../../model/problem.js';
import type { GitRepository } from '../../repository/git.js';
import type { FlagCache, ServedOrg } from '../../repository/served.js';

/** What is served, and since when. */
export interface ServedSources {
  readonly repository: GitRepository;
  readonly cache: FlagCache;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

const SEVERITIES: readonly Severity[] = ['error', 'warning'];
/** Problems outside any organization. */
const NO_ORG = '';

/** What is served: how old it is, how much of it there is, and what is wrong with it. */
export function registerServed(sources: ServedSources, registry: Registry): void {
  registerHead(sources, registry);
  registerOrgs(sources.cache, registry);
  registerProblems(sources.cache, registry);
  countSwaps(sources.cache, registry);
}

function registerHead({ repository, cache, now }: ServedSources, registry: Registry): void {
  new Gauge({
    name: 'flagstaff_ready',
    help: '1 once flags are served.',
    registers: [registry],
    collect() {
      this.set(cache.isReady ? 1 : 0);
    },
  });
  new Gauge({
    name: 'flagstaff_repository_trouble',
    help: '1 while what git has now cannot be read or served.',
    registers: [registry],
    collect() {
      this.set(cache.trouble === undefined ? 0 : 1);
    },
  });
  new Gauge({
    name: 'flagstaff_head_age_seconds',
    help: 'The age of the commit that is served, by the time at which it was committed.',
    registers: [registry],
    async collect() {
      const seconds = await headSeconds(repository, cache.revision);
      if (seconds === undefined) this.remove();
      else this.set(Math.max(0, now() / 1_000 - seconds));
    },
  });
}

/** Undefined where a work tree is served live, and where git cannot be read: both are told elsewhere. */
async function headSeconds(
  repository: GitRepository,
  revision: string | undefined,
): Promise<number | undefined> {
  if (revision === undefined || !/^[0-9a-f]{40}$/.test(revision)) return undefined;
  const commit = await repository.readCommit(revision).catch(() => undefined);
  return commit?.committer.seconds;
}

function registerOrgs(cache: FlagCache, registry: Registry): void {
  const labelNames = ['org'] as const;
  const registers = [registry];
  const perOrg = (name: string, help: string, read: (org: ServedOrg) => number): void => {
    new Gauge({
      ...{ name, help, labelNames, registers },
      collect() {
        this.reset();
        for (const [org, served] of cache.orgs) this.set({ org }, read(served));
      },
    });
  };
  perOrg('flagstaff_flags', 'Flags that are served.', ({ snapshot }) =>
    [...snapshot.projects.values()].reduce((count, { flags }) => count + flags.size, 0),
  );
  perOrg(
    'flagstaff_stale_flags',
    'Flags that are served from an older commit, because their file is broken.',
    ({ staleFlags }) => staleFlags,
  );
  perOrg(
    'flagstaff_org_loaded_timestamp_seconds',
    'When what is served of the organization was swapped in.',
    ({ loadedAt }) => loadedAt / 1_000,
  );
}

function registerProblems(cache: FlagCache, registry: Registry): void {
  new Gauge({
    name: 'flagstaff_problems',
    help: 'Problems in the files that are served; those outside any organization have an empty org.',
    labelNames: ['org', 'severity'],
    registers: [registry],
    collect() {
      this.reset();
      const tell = (org: string, problems: readonly Problem[]): void => {
        for (const severity of SEVERITIES) this.set({ org, severity }, countOf(problems, severity));
      };
      tell(NO_ORG, cache.problems);
      for (const [org, { problems }] of cache.orgs) tell(org, problems);
    },
  });
}

function countOf(problems: readonly Problem[], severity: Severity): number {
  return problems.filter((problem) => problem.severity === severity).length;
}

/** The first load is no change. */
function countSwaps(cache: FlagCache, registry: Registry): void {
  const swaps = new Counter({
    name: 'flagstaff_swaps_total',
    help: 'How often another version of the organization was swapped in.',
    labelNames: ['org'],
    registers: [registry],
  });
  cache.onSwap(({ snapshot }) => swaps.inc({ org: snapshot.key }));
  cache.onGone((org) => swaps.remove({ org }));
}
