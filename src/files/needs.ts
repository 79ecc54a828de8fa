import type { Pointer } from '../model/problem.js';
import type { Edge, Graph } from './cycles.js';
import type { ProjectScope } from './scope.js';
import { type Uses, usesOfFlag, usesOfSegment } from './uses.js';
import type { Owner } from './verdict.js';

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

/** What the files of a project ask of each other, as far as it can be a chain. */
export interface Asking {
  /** By key, the flags that ask other flags. */
  readonly flags: Map<string, Uses>;
  /** By key, the segments that ask other segments. */
  readonly segments: Map<string, Uses>;
  /** The segments that any of them asks. */
  readonly asked: Set<string>;
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
