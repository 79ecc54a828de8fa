import { shown } from './remote-failure.js';
import type { Pushed, RemoteAddress } from './transport.js';

/** Why a ref stays where it is although nobody minds: somebody else was first. */
const HAS_MOVED =
  /non-fast-forward|fetch first|stale info|failed to (?:update|lock)|cannot lock|incorrect old value|already exists|needs force/;

/** What a remote means that did not move the ref. */
export function judgeRefusal(
  refusal: {
    /** What it says of the ref. */
    readonly reason: string;
    /** What its hooks say, as it came. */
    readonly words: string;
  },
  address: RemoteAddress,
): Pushed {
  const { reason, words } = refusal;
  if (HAS_MOVED.test(reason)) return { kind: 'moved' };
  const said = words.trim() === '' ? reason : `${reason}: ${words}`;
  return { kind: 'refused', reason: shown(said, address) };
}
