import { hasErrors, type Problem } from '../../model/problem.js';
import { FileReader } from '../../repository/file-reader.js';
import { type Listing, listCommit } from '../../repository/listing.js';
import { openPast } from '../../repository/past.js';
import { count } from '../format.js';
import type { Finding, Patient } from './finding.js';

/** So many problems are told one by one. */
const TOLD = 10;

/** What the head says of flags: how many are served, and what is wrong with their files. */
export async function examineFlags(patient: Patient): Promise<readonly Finding[]> {
  const { repository, branch } = patient;
  const head = branch === undefined ? (await repository.head()).oid : await repository.resolveBranch(branch);
  if (head === undefined) return [];
  const listing = await listCommit(repository, head, undefined);
  const { flags, stale, problems } = await judge(patient, listing);
  if (flags === 0 && problems.length === 0) return [noFlags()];
  const summary = `${count(flags, 'flag')} in ${count(listing.versions.size, 'organization')}`;
  const level = hasErrors(problems) ? 'warning' : 'ok';
  const old = stale === 0 ? '' : `; ${stale} of them served from an older commit, for their files are broken`;
  return [{ level, about: 'flags', message: `${summary}${old}` }, ...tell(problems)];
}

interface Judged {
  readonly flags: number;
  readonly stale: number;
  readonly problems: readonly Problem[];
}

/** As a server that starts now would load them; nothing is written. */
async function judge({ repository, now }: Patient, listing: Listing): Promise<Judged> {
  const reader = new FileReader(repository);
  const past = openPast({ repository, reader, history: { commitAt: () => undefined }, now: () => now });
  const problems = [...listing.strays];
  let [flags, stale] = [0, 0];
  try {
    for (const key of listing.versions.keys()) {
      const org = await past.orgAt(listing.revision, key);
      problems.push(...(org?.problems ?? []));
      for (const project of org?.snapshot.projects.values() ?? []) flags += project.flags.size;
      stale += org?.staleFlags ?? 0;
    }
  } finally {
    await reader.close();
  }
  return { flags, stale, problems };
}

function tell(problems: readonly Problem[]): readonly Finding[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const told = errors.slice(0, TOLD).map(
    ({ path, line, column, code, message }): Finding => ({
      level: 'warning',
      about: 'flags',
      message: `${path}:${line}:${column}: ${code}: ${message}`,
    }),
  );
  const others = problems.length - told.length;
  if (others === 0) return told;
  const message = `${count(others, 'other problem')} of the files`;
  return [...told, { level: 'note', about: 'flags', message, remedy: 'flagstaff validate' }];
}

function noFlags(): Finding {
  return { level: 'warning', about: 'flags', message: 'the commit has no flags', remedy: 'flagstaff init' };
}
