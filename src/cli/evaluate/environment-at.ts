import type { CompiledEnvironment } from '../../evaluation/compiled.js';
import type { Problem } from '../../model/problem.js';
import { openPast } from '../../repository/past.js';
import { chooseEnvironment, chooseOrg, chooseProject, type Scope } from '../choose.js';
import { WrongUse } from '../exit.js';
import type { OpenPast } from '../past/open.js';
import { readOutline } from '../past/outline.js';

/** An environment as a commit has it. */
interface EnvironmentAt {
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** The moment that was named, in epoch milliseconds; undefined where something else was. */
  readonly moment: number | undefined;
  readonly environment: CompiledEnvironment;
  /** What is wrong with the organization's files there. */
  readonly problems: readonly Problem[];
}

interface Wanted {
  /** The revision in the caller's words. */
  readonly at: string;
  readonly scope: Scope;
  readonly now: () => number;
}

/**
 * The environment that is meant in the commit that is meant, by the defaults of that commit. Of the flags only those of
 * its organization are read. Throws `Failure` as `Past` does, `WrongUse` for a name that the commit does not have.
 */
export async function environmentAt(opened: OpenPast, { at, scope, now }: Wanted): Promise<EnvironmentAt> {
  const { repository, reader } = opened;
  const history = { commitAt: async (seconds: number) => (await opened.history()).commitAt(seconds) };
  const past = openPast({ repository, reader, history, now });
  const { commit, now: moment } = await past.resolve(at);
  const org = chooseOrg(await readOutline({ repository, reader, commit, now: now() }), scope);
  const served = await past.orgAt(commit, org.key);
  if (served === undefined) throw new WrongUse(`nothing of ${org.key} can be served at commit ${commit}`);
  const project = chooseProject({ orgs: [served.snapshot], defaultOrg: org.key }, { ...scope, org: org.key });
  const key = chooseEnvironment(project, scope);
  const environment = served.projects.get(project.key)?.environments.get(key);
  if (environment === undefined) throw new Error(`${project.key} was compiled without ${key}`);
  return { commit, moment, environment, problems: served.problems };
}
