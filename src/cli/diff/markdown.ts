import type { Difference } from '../../changes/difference.js';
import type { Problem } from '../../model/problem.js';
import { count } from '../format.js';
import { markdownCode, markdownText } from '../markdown.js';
import { headingOf } from '../past/heading.js';
import type { Authors } from './authors.js';

/** A change, as a comment of a pull request and the summary of a job tell it. */
export interface ToldChange {
  /** In the caller's words: `main`, `v1.4`. */
  readonly before: string;
  /** The same; `the work tree` for what is not committed. */
  readonly after: string;
  readonly differences: readonly Difference[];
  readonly authors: Authors;
  /** What the newer side has wrong that the older one has not, and what a check says of the change itself. */
  readonly problems: readonly Problem[];
  /** What the header `Flagstaff-At` names; undefined for what no server can have. */
  readonly preview: string | undefined;
}

/** GitHub takes 65,536 characters of a comment; others write below this one. */
const MOST_CHARACTERS = 40_000;

/** The change as Markdown: grouped by what it is about and by environment, with its authors. No line ends at its end. */
export function diffMarkdown(change: ToldChange): string {
  const { differences, problems, preview } = change;
  const groups = groupBy(differences, ({ resource }) => headingOf(resource));
  return [
    '### Flag changes',
    `${summaryOf(groups)} between ${markdownCode(change.before)} and ${markdownCode(change.after)}.`,
    ...withinBound([...groups].map((group) => groupText(group, change.authors))),
    ...(problems.length === 0 ? [] : [problemsText(problems)]),
    ...(preview === undefined || differences.length === 0 ? [] : [previewText(preview)]),
  ].join('\n\n');
}

type Groups = ReadonlyMap<string, readonly Difference[]>;

function groupBy(differences: readonly Difference[], keyOf: (difference: Difference) => string): Groups {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    const key = keyOf(difference);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [difference]);
    else known.push(difference);
  }
  return groups;
}

/** `**2 flags and 1 segment** differ` */
function summaryOf(groups: Groups): string {
  const counts = new Map<string, number>();
  for (const [first] of groups.values()) {
    if (first === undefined) continue;
    const word = WORDS[first.resource.type];
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const parts = [...counts].map(([word, number]) => count(number, word));
  const last = parts.pop();
  if (last === undefined) return 'No flag, segment or setting differs';
  const all = parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
  return `**${all}** ${groups.size === 1 ? 'differs' : 'differ'}`;
}

const WORDS: Readonly<Record<Difference['resource']['type'], string>> = {
  settings: 'settings file',
  org: 'organization',
  project: 'project',
  'api-keys': 'project',
  flag: 'flag',
  overrides: 'flag',
  tests: 'flag',
  segment: 'segment',
  file: 'other file',
};

/** The heading with its authors, then what is so everywhere, then each environment. */
function groupText(
  [heading, differences]: readonly [string, readonly Difference[]],
  authors: Authors,
): string {
  const byEnvironment = groupBy(differences, ({ environment }) => environment ?? '');
  const everywhere = byEnvironment.get('') ?? [];
  const environments = [...byEnvironment].filter(([environment]) => environment !== '');
  return [
    `#### ${markdownText(heading)}${byline(differences, authors)}`,
    '',
    ...everywhere.map(({ sentence }) => `- ${markdownText(sentence)}`),
    ...environments.flatMap(([environment, theirs]) => [
      `- **${environment}**`,
      ...theirs.map((difference) => `  - ${markdownText(withoutEnvironment(difference))}`),
    ]),
  ].join('\n');
}

/** Names without addresses: a comment may be read by everybody. */
function byline(differences: readonly Difference[], authors: Authors): string {
  const names = new Set(differences.flatMap(({ path }) => authors.get(path) ?? []));
  return names.size === 0 ? '' : ` by ${[...names].map(markdownText).join(', ')}`;
}

/** The sentence begins with it, and it stands above. */
function withoutEnvironment({ sentence, environment }: Difference): string {
  const start = `${environment}: `;
  return sentence.startsWith(start) ? sentence.slice(start.length) : sentence;
}

/** The first ones, whole; what does not fit is counted. */
function withinBound(texts: readonly string[]): readonly string[] {
  let room = MOST_CHARACTERS;
  const fitting = texts.findIndex((text) => {
    room -= text.length;
    return room < 0;
  });
  if (fitting < 0) return texts;
  const more = texts.length - fitting;
  return [...texts.slice(0, fitting), `… and ${more} more, which \`flagstaff diff\` prints.`];
}

const MOST_PROBLEMS = 50;

function problemsText(problems: readonly Problem[]): string {
  const shown = problems.slice(0, MOST_PROBLEMS).map(problemLine);
  const more = problems.length - shown.length;
  return ['#### What the checks say', '', ...shown, ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n');
}

function problemLine({ severity, code, path, line, message, needsApproval }: Problem): string {
  const what = needsApproval ? `${severity}, **needs a second approver**:` : severity;
  return `- ${what} ${code} in ${markdownCode(`${path}:${line}`)}: ${markdownText(message)}`;
}

function previewText(preview: string): string {
  return `Try it before it merges: a server answers as it would with the header ${markdownCode(`Flagstaff-At: ${preview}`)}.`;
}
