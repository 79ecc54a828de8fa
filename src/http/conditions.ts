/** Conditional requests by hand: evaluation is a POST, for which no library compares entity tags. Source: RFC 9110, 8.8.3 and 13.1. */

/** The tags that a header lists, or `*` for any. Undefined where the header is left out; a broken one lists nothing. */
export type TagList = readonly string[] | '*' | undefined;

const TAG = /\s*(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)/y;

/** Reads `If-None-Match`, which compares weakly: `W/` before a tag makes no difference. */
export function parseTags(header: string | undefined): TagList {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  const tags: string[] = [];
  TAG.lastIndex = 0;
  for (let match = TAG.exec(header); match !== null; match = TAG.exec(header)) tags.push(match[1] ?? '');
  return tags;
}

/** Reads `If-Match`, which compares strongly: a weak tag matches nothing. */
export function parseStrongTags(header: string | undefined): TagList {
  return parseTags(header?.replace(/W\/"[^"]*"\s*(?:,|$)/g, ''));
}

/** True where the list has the tag. */
export function listsTag(list: TagList, tag: string): boolean {
  return list === '*' || (list?.includes(tag) ?? false);
}
