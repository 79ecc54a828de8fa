import type { Note } from './draft.js';

/** So many characters a description may have here. */
const LONGEST = 2000;
const LONGEST_TAG = 100;
const MOST_TAGS = 100;

/** The description, cut where it is too long for a file here, which is noted. */
export function carriedDescription(text: string | undefined, note: Note): { readonly description?: string } {
  if (text === undefined) return {};
  if (text.length > LONGEST)
    note('dropped', 'description', `what stands behind its first ${LONGEST} characters`);
  return { description: text.slice(0, LONGEST) };
}

/** The tags that a file here may have; the others are noted. */
export function carriedTags(tags: readonly string[], note: Note): { readonly tags?: readonly string[] } {
  const kept = [...new Set(tags)]
    .filter((tag) => tag !== '' && tag.length <= LONGEST_TAG)
    .slice(0, MOST_TAGS);
  for (const tag of tags) {
    if (!kept.includes(tag))
      note('dropped', 'tag', `${tag}: it is empty, too long, or one of more than ${MOST_TAGS}`);
  }
  return kept.length === 0 ? {} : { tags: kept };
}
