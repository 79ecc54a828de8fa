/** What a commit message says, taken apart. */
export interface MessageParts {
  /** The first line. */
  readonly subject: string;
  /** The rest without Flagstaff's own trailers. */
  readonly body: string;
  readonly reason: string | undefined;
  readonly force: string | undefined;
  readonly user: string | undefined;
}

/** Nobody reads more of it in a list; the whole is in git. */
const MOST_CHARACTERS = 1_000;

const OWN_TRAILER = /^Flagstaff-[A-Za-z-]+:/;

/**
 * Takes a message apart. Trailers are those of the last paragraph, as git has it; a message of one paragraph has none.
 * Each part is cut after 1,000 characters.
 */
export function messageParts(message: string): MessageParts {
  const [subject = '', ...rest] = message.replaceAll('\r\n', '\n').trim().split('\n');
  const lines = rest.join('\n').trim().split('\n');
  const trailers = lines.slice(lines.lastIndexOf('') + 1);
  const hasTrailers = rest[0] === '' && trailers.some((line) => OWN_TRAILER.test(line));
  if (!hasTrailers) return { subject: cut(subject), body: cut(lines.join('\n')), ...NO_TRAILERS };
  const others = trailers.filter((line) => !OWN_TRAILER.test(line));
  const body = [...lines.slice(0, lines.length - trailers.length), ...others].join('\n').trim();
  const trailer = (name: string) => trailerValue(trailers, name);
  return {
    subject: cut(subject),
    body: cut(body),
    reason: trailer('Flagstaff-Reason'),
    force: trailer('Flagstaff-Force'),
    user: trailer('Flagstaff-User'),
  };
}

const NO_TRAILERS = { reason: undefined, force: undefined, user: undefined };

function trailerValue(trailers: readonly string[], name: string): string | undefined {
  const line = trailers.find((each) => each.startsWith(`${name}:`));
  const value = line?.slice(name.length + 1).trim();
  return value === undefined || value === '' ? undefined : cut(value);
}

/** The same text in memory of its own: a part of a text keeps the whole of it, and messages may be long. */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}

/** Never in the middle of a character. */
function cut(text: string): string {
  return ownText(text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, ''));
}
