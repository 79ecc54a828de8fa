import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findCycles, type Graph } from '../../src/files/cycles.js';

const test = suite('cycles');

function graph(steps: readonly (readonly [string, string])[]): Graph<string> {
  const edges = new Map<string, { to: string; at: string }[]>();
  for (const name of new Set(steps.flat())) edges.set(name, []);
  for (const [from, to] of steps) edges.get(from)?.push({ to, at: `${from}${to}` });
  return edges;
}

test('a cycle begins at its first name and tells where that names the next', () => {
  assert.equal(
    findCycles(
      graph([
        ['c', 'a'],
        ['b', 'c'],
        ['a', 'b'],
        ['x', 'a'],
      ]),
    ),
    [{ names: ['a', 'b', 'c'], at: 'ab' }],
  );
});

test('a thing that names itself is a cycle', () => {
  assert.equal(findCycles(graph([['a', 'a']])), [{ names: ['a'], at: 'aa' }]);
});

test('two cycles are two', () => {
  const names = findCycles(
    graph([
      ['a', 'b'],
      ['b', 'a'],
      ['c', 'd'],
      ['d', 'c'],
      ['d', 'a'],
    ]),
  ).map((cycle) => cycle.names);
  assert.equal(names, [
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('a way without return is none, however long', () => {
  const steps = Array.from({ length: 20_000 }, (_, place) => [`n${place}`, `n${place + 1}`] as const);
  assert.equal(findCycles(graph(steps)), []);
});

test('there is a cycle exactly where something reaches itself, and each told one is one', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 12 }), (steps) => {
      const edges = graph(steps);
      const cycles = findCycles(edges);
      assert.is(
        cycles.length > 0,
        [...edges.keys()].some((start) => reaches(edges, start, start)),
      );
      for (const { names } of cycles) {
        for (const [place, from] of names.entries()) {
          const to = names[(place + 1) % names.length];
          assert.ok(edges.get(from)?.some((edge) => edge.to === to));
        }
      }
    }),
  );
});

function reaches(edges: Graph<string>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = (edges.get(from) ?? []).map((edge) => edge.to);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(edges.get(name) ?? []).map((edge) => edge.to));
  }
  return false;
}

test.run();
