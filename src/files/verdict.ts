import type { Problem } from '../model/problem.js';
import type { StaleCause } from '../model/snapshot.js';
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

/** What is wrong breaks this. */
interface Blame {
  readonly owner: Owner;
  readonly cause: StaleCause;
  /** True where its own files are wrong. */
  readonly isOwn: boolean;
}

/** Who needs whom, the other way round: by owner, those that break with it. */
export type Dependents = ReadonlyMap<string, readonly string[]>;

/** Collects what is wrong with one file or with many, and whom it breaks. */
export class Verdict {
  readonly findings: Finding[] = [];
  readonly #blames: Blame[] = [];

  /** True where nothing is said. */
  get isEmpty(): boolean {
    return this.findings.length === 0 && this.#blames.length === 0;
  }

  /** Files issues under a path; their errors break the owner, where there is one. */
  file(path: string, issues: readonly Issue[], owner?: Owner): void {
    for (const { at, code, severity, message } of issues) {
      this.findings.push({ path, at, code, severity, message });
      if (severity === 'error' && owner !== undefined)
        this.#blames.push({ owner, cause: { path, code, severity, message }, isOwn: true });
    }
  }

  /** Breaks the owner of a file that is wrong by itself. */
  breakBy(problems: readonly Problem[], owner: Owner): void {
    for (const { path, code, severity, message } of problems) {
      if (severity !== 'error') continue;
      this.#blames.push({ owner, cause: { path, code, severity, message }, isOwn: true });
    }
  }

  /** Breaks an owner by what was filed under another's path; its own files are as good as before. */
  breakWith(cause: StaleCause, owner: Owner): void {
    this.#blames.push({ owner, cause, isOwn: false });
  }

  /** Says all that the other says, too. */
  add(other: Verdict): void {
    for (const finding of other.findings) this.findings.push(finding);
    for (const blame of other.#blames) this.#blames.push(blame);
  }

  /** All that is broken, and all that needs it: a flag moves on only when everything that it needs is good. */
  broken(dependents: () => Dependents): ReadonlyMap<string, Broken> {
    const reached = this.#blamed();
    if (reached.size === 0) return reached;
    const dependentsOf = dependents();
    // A map's iteration also visits what is added meanwhile.
    for (const [name, { causes }] of reached) {
      for (const dependent of dependentsOf.get(name) ?? []) {
        if (!reached.has(dependent)) reached.set(dependent, { causes, isOwn: false });
      }
    }
    return reached;
  }

  #blamed(): Map<string, Broken> {
    const blamed = new Map<string, { readonly causes: StaleCause[]; isOwn: boolean }>();
    for (const { owner, cause, isOwn } of this.#blames) {
      const known = blamed.get(owner) ?? { causes: [], isOwn: false };
      known.causes.push(cause);
      known.isOwn ||= isOwn;
      blamed.set(owner, known);
    }
    return blamed;
  }
}
