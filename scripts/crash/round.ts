import { create, describeFlag, remove, writeOf } from '../../test/repository/writable.js';
import type { Meant } from './scenario.js';

const FLAGS = 'flags/acme/web-app/flags';
/** Small enough that a kill falls into every part of a write, from the first one on. */
const TURNS = 6;

/** Writes that wait together in one turn of a life: a new flag, changes of it and of another one, and its end. */
export function roundOf(life: string, turn: number): readonly Meant[] {
  const flag = `life-${life}`;
  const texts = [0, 1, 2].slice(0, 1 + (turn % 3));
  const changes = texts.map((number) =>
    changed('new-checkout', `life ${life}, turn ${turn}, text ${number}`),
  );
  if (turn % 2 === 0)
    return [
      { request: writeOf(create(`${flag}-${turn}`)), effect: [`A\t${FLAGS}/${flag}-${turn}.yaml`] },
      ...changes,
    ];
  const gone = `${flag}-${turn - 1}`;
  return [...changes, { request: writeOf(remove(gone)), effect: [`D\t${FLAGS}/${gone}.yaml`] }];
}

/** All that a life may have asked for before it ended. */
export function lifeOf(life: string): readonly Meant[] {
  return Array.from({ length: TURNS * 4 }, (_, turn) => roundOf(life, turn)).flat();
}

function changed(flag: string, text: string): Meant {
  return { request: writeOf(describeFlag(flag, text)), effect: [`M\t${FLAGS}/${flag}.yaml`] };
}
