import { InvalidArgumentError } from 'commander';
import { parseMoment } from '../evaluation/moment.js';

/** A moment that somebody typed, in epoch milliseconds. Throws `InvalidArgumentError` where it is none. */
export function readMoment(text: string): number {
  const moment = parseMoment(/^\d+$/.test(text) ? Number(text) : text);
  if (moment === undefined) throw new InvalidArgumentError('Wanted RFC 3339, such as 2027-01-31T12:00:00Z.');
  return moment;
}
