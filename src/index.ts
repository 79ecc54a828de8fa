import path from 'node:path';
import type { CompiledEnvironment } from './evaluation/compiled.js';
import { evaluate } from './evaluation/evaluate.js';
import { type Explanation, explain } from './evaluation/explain.js';
import type { Evaluation, EvaluationContext } from './model/evaluation.js';
import { Failure } from './model/failure.js';
import type { JsonValue } from './model/values.js';
import { openCache } from './repository/cache.js';
import { openRepository } from './repository/git.js';
import type { FlagCache, ServedOrg } from './repository/served.js';

export type { Explanation } from './evaluation/explain.js';
export type {
  DefaultEvaluation,
  Evaluation,
  EvaluationContext,
  MissingEvaluation,
  Reason,
  ValueEvaluation,
} from './model/evaluation.js';
export { Failure } from './model/failure.js';
export type { JsonObject, JsonValue } from './model/values.js';

/** Which flags to answer from. */
export interface FlagstaffOptions {
  /** The folder of a git repository with flags in it. */
  readonly repo: string;
  /** The branch to follow; the one that is checked out where it is left out. */
  readonly branch?: string;
  /** True answers from the files of the work tree as they are, without commits. */
  readonly worktree?: boolean;
  /** Key or id of the organization; the default one where it is left out. */
  readonly org?: string;
  /** Key of the project; the organization's default one where it is left out. */
  readonly project?: string;
  /** Key of the environment; the project's default one where it is left out. */
  readonly environment?: string;
}

/** Who asks. What is undefined counts as left out; so does a context that is null. */
export interface FeatureContext {
  readonly companyId?: string | undefined;
  readonly userId?: string | undefined;
  readonly email?: string | undefined;
  /** Any other attribute that rules and segments ask for; `targetingKey` places the caller in splits. */
  readonly [attribute: string]: JsonValue | undefined;
}

/** The flags of one environment, kept current: a commit by anyone is seen within a second. All answers are synchronous. */
export interface Flagstaff {
  /** True where the flag's value is `true`: overrides, then segments, then the switch and its rules (the same as `evaluate`). */
  isFeatureEnabled(key: string, context?: FeatureContext | null): boolean;
  /** What the flag answers. A flag that is not there is an answer of kind `missing`. */
  evaluate(key: string, context?: FeatureContext | null): Evaluation;
  /** Every step that led to the answer. Throws `Failure` where the environment is gone. */
  explain(key: string, context?: FeatureContext | null): Explanation;
  /** Ends watching the repository. */
  close(): Promise<void>;
}

/**
 * Opens the flags of a repository and fulfils when they can be asked; without any commit that is after the first one.
 * Throws `Failure` where there is no repository, no such branch, nothing that can be read, or no such organization,
 * project or environment in it.
 */
export async function openFlagstaff(options: FlagstaffOptions): Promise<Flagstaff> {
  const repository = await openRepository(path.resolve(options.repo));
  const cache = await openCache({ repository, ...cacheOptions(options) });
  try {
    await cache.refresh();
    await cache.ready;
    const flagstaff = new CachedFlagstaff(cache, options);
    flagstaff.environment();
    return flagstaff;
  } catch (error) {
    await cache.close();
    throw error;
  }
}

let shared: Promise<Flagstaff> | undefined;

/**
 * Whether a feature is on for a caller, from the repository that FLAGSTAFF_REPO names, else the one in the current
 * folder. The first call opens it; a call after one that failed tries again.
 */
export async function isFeatureEnabled(key: string, context?: FeatureContext | null): Promise<boolean> {
  shared ??= openShared();
  return (await shared).isFeatureEnabled(key, context);
}

/** Gives back what `isFeatureEnabled` opened, so that the process can end; a later call opens it again. */
export async function closeFlagstaff(): Promise<void> {
  const closing = shared;
  shared = undefined;
  await (await closing)?.close();
}

async function openShared(): Promise<Flagstaff> {
  try {
    return await openFlagstaff({ repo: process.env.FLAGSTAFF_REPO || '.' });
  } catch (error) {
    shared = undefined;
    throw error;
  }
}

function cacheOptions({ branch, worktree }: FlagstaffOptions) {
  return { ...(branch === undefined ? {} : { branch }), ...(worktree === undefined ? {} : { worktree }) };
}

class CachedFlagstaff implements Flagstaff {
  readonly #cache: FlagCache;
  readonly #options: FlagstaffOptions;
  #org: ServedOrg | undefined;
  #environment: CompiledEnvironment | undefined;

  constructor(cache: FlagCache, options: FlagstaffOptions) {
    this.#cache = cache;
    this.#options = options;
  }

  isFeatureEnabled(key: string, context?: FeatureContext | null): boolean {
    const evaluation = this.evaluate(key, context);
    return evaluation.kind === 'value' && evaluation.value === true;
  }

  evaluate(key: string, context?: FeatureContext | null): Evaluation {
    const environment = this.#current();
    if (environment === undefined) return { kind: 'missing', flagKey: key, errorCode: 'FLAG_NOT_FOUND' };
    return evaluate(environment, key, givenAttributes(context), Date.now());
  }

  explain(key: string, context?: FeatureContext | null): Explanation {
    return explain(this.environment(), key, givenAttributes(context), Date.now());
  }

  close(): Promise<void> {
    return this.#cache.close();
  }

  /** Throws `Failure` where there is no such environment now. */
  environment(): CompiledEnvironment {
    const environment = this.#current();
    if (environment !== undefined) return environment;
    const { org, project, environment: name } = this.#options;
    const named = Object.entries({ organization: org, project, environment: name })
      .filter(([, wanted]) => wanted !== undefined)
      .map(([word, wanted]) => `${word} ${wanted}`);
    const what = named.length === 0 ? 'no organization with a project' : `no ${named.join(', ')}`;
    throw new Failure('not-found', 'ENVIRONMENT_NOT_FOUND', `nothing to answer from: there is ${what}`);
  }

  /** An organization is swapped whole, so the environment is looked up once for each swap. */
  #current(): CompiledEnvironment | undefined {
    const { org: name } = this.#options;
    const org = name === undefined ? this.#cache.defaultOrg : this.#cache.findOrg(name);
    if (org !== this.#org) {
      this.#org = org;
      this.#environment = org && findEnvironment(org, this.#options);
    }
    return this.#environment;
  }
}

function findEnvironment(org: ServedOrg, options: FlagstaffOptions): CompiledEnvironment | undefined {
  const compiled = org.projects.get(options.project ?? org.snapshot.defaultProject ?? '');
  return compiled?.environments.get(options.environment ?? compiled.project.defaultEnvironment);
}

/** Callers pass what they have: null is no context, and an attribute that is undefined is not there. */
function givenAttributes(context: FeatureContext | null | undefined): EvaluationContext {
  const given = context ?? {};
  if (!Object.values(given).includes(undefined)) return given as EvaluationContext;
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as EvaluationContext;
}
