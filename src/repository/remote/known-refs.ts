import type { Fetched } from './transport.js';

/** Which refs the remote had when it was last asked: by that a fetch may be one process, without a question before it. */
export class KnownRefs {
  readonly #isThere = new Map<string, boolean>();

  learn(fetched: Fetched): void {
    for (const [ref, oid] of fetched) this.#isThere.set(ref, oid !== undefined);
  }

  /**
   * What git is to fetch, as refspecs, so that a ref which is not here afterwards is not there. Undefined where only a
   * question tells that. Git fails for a name that is not there, and not for a pattern: of what was not there, a pattern is
   * asked for, which that name alone is to match.
   */
  specs(
    refs: ReadonlyMap<string, string>,
    isHere: (local: string) => boolean,
  ): readonly string[] | undefined {
    const specs: string[] = [];
    for (const [remote, local] of refs) {
      const isThere = this.#isThere.get(remote);
      if (isThere === undefined || (!isThere && isHere(local))) return undefined;
      specs.push(isThere ? `+${remote}:${local}` : `+${pattern(remote)}:${pattern(local)}`);
    }
    return specs;
  }
}

// A star before the last slash: what else that matches has a longer name, and is noted here under a longer one.
function pattern(ref: string): string {
  const end = ref.lastIndexOf('/');
  return `${ref.slice(0, end)}*${ref.slice(end)}`;
}
