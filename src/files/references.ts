import type { ApiKeysFile } from '../model/api-key.js';
import { type FlagFile, flagVariants } from '../model/flag.js';
import type { OrgFile } from '../model/org.js';
import type { OverridesFile } from '../model/override.js';
import type { Pointer, ProblemCode } from '../model/problem.js';
import { environmentKeys } from '../model/project.js';
import type { TestsFile } from '../model/test-case.js';
import { errorAt, type Issue, warningAt } from './issue.js';
import { judgeServe, judgeVariant } from './meaning-serve.js';
import { type FileScope, namedSource, type ProjectScope } from './scope.js';
import type { OrgSources, ProjectSources } from './sources.js';
import { hintsOfFile, suggestion } from './spelling.js';
import { judgeEach } from './telling.js';
import type { FlagUse, Use, Uses } from './uses.js';

/** What a flag's file names that is not there. A name whose own file is broken is there. */
export function judgeFlagReferences(file: FlagFile, uses: Uses, scope: FileScope): Issue[] {
  return [
    ...judgeEach(Object.keys(file.environments), (key) =>
      judgeEnvironment(key, ['environments', key], scope),
    ),
    ...judgeEach(uses.segments, (use) => judgeSegmentUse(use, scope)),
    ...judgeEach(uses.flags, (use) => judgeFlagUse(use, scope)),
  ];
}

/** What a segment's file names that is not there. */
export function judgeSegmentReferences(uses: Uses, scope: FileScope): Issue[] {
  return judgeEach(uses.segments, (use) => judgeSegmentUse(use, scope));
}

/** What an overrides file names that is not there: its flag, a variant, an environment. */
export function judgeOverridesReferences(
  flagKey: string,
  overrides: OverridesFile,
  scope: FileScope,
): Issue[] {
  const flag = namedSource(scope.sources.flags, flagKey);
  if (flag === undefined) return [unknownFlag(flagKey, [], scope)];
  const variants = flag.value === undefined ? undefined : Object.keys(flagVariants(flag.value));
  return judgeEach(overrides, ({ serve, environments }, place) => [
    ...(variants === undefined ? [] : judgeServe({ serve, at: [place], variants })),
    ...(environments ?? []).flatMap((key, index) =>
      judgeEnvironment(key, [place, 'environments', index], scope),
    ),
  ]);
}

/** What a tests file names that is not there: its flag, a variant, an environment, a segment. */
export function judgeTestsReferences(flagKey: string, tests: TestsFile, scope: FileScope): Issue[] {
  const flag = namedSource(scope.sources.flags, flagKey);
  if (flag === undefined) return [unknownFlag(flagKey, [], scope)];
  const variants = flag.value === undefined ? undefined : Object.keys(flagVariants(flag.value));
  return judgeEach(tests, ({ environment, expect }, place) => {
    const at = [place, 'expect'];
    const { variant, segment } = expect;
    return [
      ...(environment === undefined ? [] : judgeEnvironment(environment, [place, 'environment'], scope)),
      ...(variants === undefined ? [] : judgeVariant(variant ?? undefined, [...at, 'variant'], variants)),
      ...(typeof segment === 'string'
        ? judgeSegmentUse({ key: segment, at: [...at, 'segment'] }, scope)
        : []),
    ];
  });
}

/** Environments of API keys that the project has not. */
export function judgeApiKeysReferences(keys: ApiKeysFile, scope: ProjectScope): Issue[] {
  return judgeEach(keys, ({ environment }, place) =>
    judgeEnvironment(environment, [place, 'environment'], scope),
  );
}

/** A default project that is not there; permissions for what is not there are warnings, since they give nothing. */
export function judgeOrgReferences(
  { defaultProject, members = [], groups = [], invitations = [] }: OrgFile,
  { key, projects }: OrgSources,
): Issue[] {
  const lists = { members, groups, invitations };
  const known: ReadonlyMap<string, ProjectSources> = projects;
  return [
    ...(defaultProject === undefined || known.has(defaultProject)
      ? []
      : [
          notFound({
            what: 'project',
            key: defaultProject,
            at: ['defaultProject'],
            code: 'UNKNOWN_PROJECT',
            name: key,
            hint: hintsOfFile()(defaultProject, [...known.keys()]),
          }),
        ]),
    ...Object.entries(lists).flatMap(([list, entries]) =>
      entries.flatMap(({ permissions = [] }, place) =>
        permissions.flatMap((permission, index) =>
          judgePermission(permission, [list, place, 'permissions', index], known),
        ),
      ),
    ),
  ];
}

/** `project:web-app:member` and `env:web-app/production:admin` name a project and an environment. */
function judgePermission(
  permission: string,
  at: Pointer,
  projects: ReadonlyMap<string, ProjectSources>,
): Issue[] {
  const [kind, scope = ''] = permission.split(':');
  if (kind === 'org') return [];
  const [project = '', environment] = scope.split('/');
  const sources = projects.get(project);
  if (sources === undefined) {
    return [warningAt(at, 'UNKNOWN_PROJECT', `permission ${permission}: there is no project ${project}`)];
  }
  const file = sources.project?.value;
  if (environment === undefined || file === undefined || environmentKeys(file).includes(environment))
    return [];
  return [
    warningAt(at, 'UNKNOWN_ENVIRONMENT', `permission ${permission}: there is no environment ${environment}`),
  ];
}

function judgeEnvironment(key: string, at: Pointer, scope: ProjectScope): Issue[] {
  if (scope.file === undefined || scope.environments.has(key)) return [];
  const message = `environment ${key}: not found in ${scope.name}; ${suggestion(key, [...scope.environments])}`;
  return [errorAt(at, 'UNKNOWN_ENVIRONMENT', message)];
}

function judgeSegmentUse({ key, at }: Use, { sources, segmentKeys, name, hint }: FileScope): Issue[] {
  if (namedSource(sources.segments, key) !== undefined) return [];
  return [
    notFound({ what: 'segment', key, at, code: 'UNKNOWN_SEGMENT', name, hint: hint(key, segmentKeys) }),
  ];
}

function judgeFlagUse({ key, variant, at }: FlagUse, scope: FileScope): Issue[] {
  const flag = namedSource(scope.sources.flags, key);
  if (flag === undefined) return [unknownFlag(key, at, scope)];
  if (flag.value === undefined) return [];
  const variants = Object.keys(flagVariants(flag.value));
  if (variants.includes(variant)) return [];
  const message = `variant ${variant} of flag ${key}: not found in ${scope.name}; ${suggestion(variant, variants)}`;
  return [errorAt(at, 'UNKNOWN_VARIANT', message)];
}

function unknownFlag(key: string, at: Pointer, { flagKeys, name, hint }: FileScope): Issue {
  return notFound({ what: 'flag', key, at, code: 'UNKNOWN_FLAG', name, hint: hint(key, flagKeys) });
}

interface NotFound {
  readonly what: string;
  readonly key: string;
  readonly at: Pointer;
  readonly code: ProblemCode;
  readonly name: string;
  /** What it may be a slip of. */
  readonly hint: string;
}

function notFound({ what, key, at, code, name, hint }: NotFound): Issue {
  return errorAt(at, code, `${what} ${key}: not found in ${name}${hint}`);
}
