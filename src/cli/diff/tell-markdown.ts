import type { Difference } from '../../changes/difference.js';
import type { OpenPast } from '../past/open.js';
import type { Surroundings } from '../surroundings.js';
import { addedProblems } from './added-problems.js';
import { readAuthors } from './authors.js';
import { diffMarkdown } from './markdown.js';
import { previewRevision } from './preview.js';
import type { NamedCompared } from './revisions.js';

/** What is told as Markdown. */
interface MarkdownInput {
  readonly opened: OpenPast;
  readonly compared: NamedCompared;
  readonly differences: readonly Difference[];
  /** True for the paths of the part that was asked for. */
  readonly isWanted: (path: string) => boolean;
  readonly around: Surroundings;
}

/** The differences with who made them, what the checks say, and how to try the change. */
export async function tellMarkdown(input: MarkdownInput): Promise<string> {
  const { opened, compared, differences, isWanted, around } = input;
  const before = await opened.resolve(compared.before);
  const after = await opened.resolve(compared.after ?? 'HEAD');
  const problems = await addedProblems(opened, compared, around.now());
  return diffMarkdown({
    ...compared.names,
    differences,
    authors: await readAuthors(opened.repository, { before, after }),
    problems: problems.filter(({ path }) => isWanted(path)),
    preview:
      compared.after === undefined
        ? undefined
        : previewRevision({ commit: after, head: opened.head }, around),
  });
}
