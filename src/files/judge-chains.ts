import { REFERENCE_DEPTH_LIMIT } from '../evaluation/reference.js';
import type { Pointer } from '../model/problem.js';
import { findCycles, type Graph } from './cycles.js';
import { findDeepSteps } from './depth.js';
import { errorAt } from './issue.js';
import { type Asking, flagGraph, needsOf, segmentGraph } from './needs.js';
import { namedSource, type ProjectScope } from './scope.js';
import type { Owner, Verdict } from './verdict.js';

/** Errors for references that come back to where they began, and for those that lead too deep; yields by environment. */
export function* judgeChains(scope: ProjectScope, verdict: Verdict, asking: Asking): Generator<void, void> {
  const segments = segmentGraph(asking);
  for (const environment of scope.environments) {
    const flags = flagGraph(asking, environment);
    tellCycles(flags, { scope, verdict, kind: 'flag', where: ` in ${environment}` });
    // A chain that is too deep has that many members that ask their own kind.
    if (flags.size + segments.size >= REFERENCE_DEPTH_LIMIT) {
      tellDepth(needsOf(scope, environment), { scope, verdict, kind: 'flag' });
    }
    yield;
  }
  tellCycles(segments, { scope, verdict, kind: 'segment', where: '' });
  if (segments.size >= REFERENCE_DEPTH_LIMIT) tellDepth(needsOf(scope), { scope, verdict, kind: 'segment' });
}

interface Telling {
  readonly scope: ProjectScope;
  readonly verdict: Verdict;
  /** Whose files the findings are told in. */
  readonly kind: 'flag' | 'segment';
}

/** A cycle is told once, in the file of its first member by key; it breaks all of them. */
function tellCycles(graph: Graph<Pointer>, telling: Telling & { readonly where: string }): void {
  const { scope, verdict, kind, where } = telling;
  for (const { names, at } of findCycles(graph)) {
    const [first = '', ...others] = names;
    const path = pathOfOwner(scope, `${kind} ${first}`);
    const message = `${kind} ${first} needs itself${where}: ${[...names, first].join(' > ')}`;
    verdict.file(path, [errorAt(at, 'CYCLE', message)], `${kind} ${first}`);
    for (const other of others) {
      verdict.breakWith({ path, code: 'CYCLE', severity: 'error', message }, `${kind} ${other}`);
    }
  }
}

/** The evaluator gives the off variant of a flag above a chain that is too deep. */
function tellDepth(graph: Graph<Pointer>, { scope, verdict, kind }: Telling): void {
  for (const { from, to, at } of findDeepSteps(graph, REFERENCE_DEPTH_LIMIT)) {
    if (!isOfKind(from, kind)) continue;
    const sentence = `${to}: ${REFERENCE_DEPTH_LIMIT} references lie below it, one below the other; fewer were wanted`;
    verdict.file(pathOfOwner(scope, from), [errorAt(at, 'TOO_DEEP', sentence)], from);
  }
}

function isOfKind(name: string, kind: 'flag' | 'segment'): name is Owner {
  return name.startsWith(`${kind} `);
}

function pathOfOwner({ sources }: ProjectScope, owner: Owner): string {
  const [kind = '', key = ''] = owner.split(' ');
  return namedSource(kind === 'flag' ? sources.flags : sources.segments, key)?.path ?? '';
}
