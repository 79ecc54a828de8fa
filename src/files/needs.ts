import type { Pointer } from '../model/problem.js';
import type { Edge, Graph } from './cycles.js';
import type { ProjectScope } from './scope.js';
import type { ProjectSources } from './sources.js';
import { type Uses, usesOfFlag, usesOfSegment } from './uses.js';
import type { Dependents, Owner } from './verdict.js';

type Needs = Graph<Pointer>;

/** Who needs whom, by owner (`flag dark-mode`, `segment staff`): in this environment, or in any. */
export function needsOf({ sources }: ProjectScope, environment?: string): Needs {
  const needs = new Map<Owner, readonly Edge<Pointer>[]>();
  const add = (owner: Owner, { flags, segments }: Uses) => {
    const edges = [
      ...edgesTo(flags, 'flag ', environment),
      ...edgesTo(segments, 'segment ', owner.startsWith('flag ') ? environment : undefined),
    ];
    if (edges.length > 0) needs.set(owner, edges);
  };
  for (const [key, { value }] of sources.flags)
    if (value !== undefined) add(`flag ${key}`, usesOfFlag(value));
  for (const [key, { value }] of sources.segments) {
    if (value !== undefined) add(`segment ${key}`, usesOfSegment(value));
  }
  return needs;
}

/** The same the other way round. */
export function dependentsOf(needs: Needs): Dependents {
  const dependents = new Map<string, string[]>();
  for (const [name, edges] of needs) {
    for (const { to } of edges) {
      const known = dependents.get(to);
      if (known === undefined) dependents.set(to, [name]);
      else known.push(name);
    }
  }
  return dependents;
}

/** What the files of a project ask of each other, as far as it can be a chain. */
export interface Asking {
  /** By key, the flags that ask other flags. */
  readonly flags: ReadonlyMap<string, Uses>;
  /** By key, the segments that ask other segments. */
  readonly segments: ReadonlyMap<string, Uses>;
  /** The segments that any of them asks. */
  readonly asked: ReadonlySet<string>;
}

/** Asks every flag and every segment. */
export function askingOf(sources: ProjectSources): Asking {
  const flags = new Map<string, Uses>();
  const segments = new Map<string, Uses>();
  const asked = new Set<string>();
  for (const [key, { value }] of sources.flags) {
    const uses = value && usesOfFlag(value);
    if (uses !== undefined && uses.flags.length > 0) flags.set(key, uses);
    for (const use of uses?.segments ?? []) asked.add(use.key);
  }
  for (const [key, { value }] of sources.segments) {
    const uses = value && usesOfSegment(value);
    if (uses !== undefined && uses.segments.length > 0) segments.set(key, uses);
    for (const use of uses?.segments ?? []) asked.add(use.key);
  }
  return { flags, segments, asked };
}

/** Which flags ask which, by key, in this environment. Only those that ask others are there. */
export function flagGraph({ flags }: Asking, environment: string): Needs {
  const graph = new Map<string, readonly Edge<Pointer>[]>();
  for (const [key, uses] of flags) {
    const edges = edgesTo(uses.flags, '', environment);
    if (edges.length > 0) graph.set(key, edges);
  }
  return graph;
}

/** Which segments ask which, by key. Only those that ask others are there. */
export function segmentGraph({ segments }: Asking): Needs {
  return new Map(Array.from(segments, ([key, uses]) => [key, edgesTo(uses.segments, '', undefined)]));
}

function edgesTo(
  uses: Uses['segments' | 'flags'],
  prefix: string,
  environment: string | undefined,
): readonly Edge<Pointer>[] {
  if (uses.length === 0) return NONE;
  const asked = environment === undefined ? uses : uses.filter((use) => use.environment === environment);
  return asked.map(({ key, at }) => ({ to: prefix + key, at }));
}

const NONE: readonly Edge<Pointer>[] = [];
