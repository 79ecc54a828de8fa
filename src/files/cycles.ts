/** One step of a thing to another that it needs. */
export interface Edge<Place> {
  readonly to: string;
  readonly at: Place;
}

/** A way that comes back to where it began, beginning at its first name in order. */
export interface Cycle<Place> {
  readonly names: readonly string[];
  /** Where the first of them names the next. */
  readonly at: Place;
}

/** The steps from each name, by name. */
export type Graph<Place> = ReadonlyMap<string, readonly Edge<Place>[]>;

/** Finds cycles until none is left that shares no name with those found. */
export function findCycles<Place>(graph: Graph<Place>): Cycle<Place>[] {
  const left = new Remainder(graph);
  const cycles: Cycle<Place>[] = [];
  left.drop(left.deadEnds());
  for (const start of [...graph.keys()].sort()) {
    while (left.has(start)) {
      const names = walkToCycle(graph, left, start);
      cycles.push(cycleOf(graph, names));
      left.drop(names);
    }
  }
  return cycles;
}

/** The names that still lead to a cycle. A name goes with the last of the names that it leads to. */
class Remainder {
  /** How many names that are left each name leads to. */
  readonly #open = new Map<string, number>();
  readonly #sources = new Map<string, string[]>();

  constructor(graph: Graph<unknown>) {
    for (const [name, steps] of graph) {
      const targets = new Set(steps.map(({ to }) => to).filter((to) => graph.has(to)));
      this.#open.set(name, targets.size);
      for (const to of targets) this.#addSource(to, name);
    }
  }

  has(name: string): boolean {
    return this.#open.has(name);
  }

  deadEnds(): string[] {
    return [...this.#open].filter(([, count]) => count === 0).map(([name]) => name);
  }

  drop(names: readonly string[]): void {
    const ended = [...names];
    for (let name = ended.pop(); name !== undefined; name = ended.pop()) {
      if (!this.#open.delete(name)) continue;
      for (const source of this.#sources.get(name) ?? []) {
        const count = this.#open.get(source);
        if (count === undefined) continue;
        this.#open.set(source, count - 1);
        if (count === 1) ended.push(source);
      }
    }
  }

  #addSource(to: string, name: string): void {
    const sources = this.#sources.get(to);
    if (sources === undefined) this.#sources.set(to, [name]);
    else sources.push(name);
  }
}

function walkToCycle(graph: Graph<unknown>, left: Remainder, start: string): string[] {
  const way: string[] = [];
  const places = new Map<string, number>();
  let name = start;
  while (!places.has(name)) {
    places.set(name, way.length);
    way.push(name);
    const step = graph.get(name)?.find(({ to }) => left.has(to));
    if (step === undefined) throw new Error(`${name} is left, but leads nowhere`);
    name = step.to;
  }
  return way.slice(places.get(name));
}

function cycleOf<Place>(graph: Graph<Place>, way: readonly string[]): Cycle<Place> {
  const [first = ''] = [...way].sort();
  const start = way.indexOf(first);
  const names = [...way.slice(start), ...way.slice(0, start)];
  const step = graph.get(first)?.find(({ to }) => to === (names[1] ?? first));
  if (step === undefined) throw new Error(`${first} does not lead to ${names[1]}`);
  return { names, at: step.at };
}
