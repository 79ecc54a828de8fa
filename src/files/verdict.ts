import type { Problem } from '../model/problem.js';
import type { StaleCause } from '../model/snapshot.js';
import type { Graph } from './cycles.js';
import type { Issue } from './issue.js';
import type { Finding } from './parsed.js';

/** A flag or a segment of a project. */
export type Owner = `flag ${string}` | `segment ${string}`;

/** Why something cannot be served as it is at this commit. */
export interface Broken {
  readonly causes: readonly StaleCause[];
  /** True where its own files are wrong, false where only another's are: something that it needs, or a cycle. */
  readonly isOwn: boolean;
}

/** Collects what is wrong between the files of a project, and whom it breaks. */
export class Verdict {
  readonly findings: Finding[] = [];
  readonly #causes = new Map<Owner, StaleCause[]>();
  /** Whose own files are wrong. */
  readonly #own = new Set<Owner>();

  /** Files issues under a path; their errors break the owner, where there is one. */
  file(path: string, issues: readonly Issue[], owner?: Owner): void {
    for (const { at, code, severity, message } of issues) {
      this.findings.push({ path, at, code, severity, message });
      if (severity === 'error' && owner !== undefined)
        this.#blameOwn(owner, { path, code, severity, message });
    }
  }

  /** Breaks the owner of a file that is wrong by itself. */
  breakBy(problems: readonly Problem[], owner: Owner): void {
    for (const { path, code, severity, message } of problems) {
      if (severity === 'error') this.#blameOwn(owner, { path, code, severity, message });
    }
  }

  /** Breaks an owner by what was filed under another's path; its own files are as good as before. */
  breakWith(cause: StaleCause, owner: Owner): void {
    this.#blame(owner, cause);
  }

  /** All that is broken, and all that needs it: a flag moves on only when everything that it needs is good. */
  broken(needs: () => Graph<unknown>): ReadonlyMap<string, Broken> {
    if (this.#causes.size === 0) return new Map();
    const reached = new Map<string, Broken>();
    for (const [owner, causes] of this.#causes) reached.set(owner, { causes, isOwn: this.#own.has(owner) });
    const dependents = reversed(needs());
    // A map's iteration also visits what is added meanwhile.
    for (const [name, { causes }] of reached) {
      for (const dependent of dependents.get(name) ?? []) {
        if (!reached.has(dependent)) reached.set(dependent, { causes, isOwn: false });
      }
    }
    return reached;
  }

  #blameOwn(owner: Owner, cause: StaleCause): void {
    this.#own.add(owner);
    this.#blame(owner, cause);
  }

  #blame(owner: Owner, cause: StaleCause): void {
    const causes = this.#causes.get(owner);
    if (causes === undefined) this.#causes.set(owner, [cause]);
    else causes.push(cause);
  }
}

function reversed(needs: Graph<unknown>): ReadonlyMap<string, readonly string[]> {
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
