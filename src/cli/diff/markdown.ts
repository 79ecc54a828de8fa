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

/** GitHub takes 65,536 characters of a comment, and others write below this one: so many are for what is told whole … */
const MOST_CHARACTERS = 30_000;
/** … so many for the names of the rest … */
const MOST_OF_NAMES = 8_000;
/** … and so many for problems. */
const MOST_OF_PROBLEMS = 10_000;
/** So many sentences are told of one flag, in all environments, and so many of its authors. */
const MOST_SENTENCES = 30;
const MOST_AUTHORS = 5;
/** Longer sentences, names and messages are cut. */
const MOST_OF_SENTENCE = 400;
const MOST_OF_NAME = 200;

/** The change as Markdown: grouped by what it is about and by environment, with its authors. No line ends at its end. */
export function diffMarkdown(change: ToldChange): string {
  const { differences, problems, preview } = change;
  const groups = groupBy(differences, ({ resource }) => headingOf(resource));
  return [
    '### Flag changes',
    `${summaryOf(groups)} between ${markdownCode(change.before)} and ${markdownCode(change.after)}.`,
    ...groupTexts(groups, change.authors),
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

/** Those that fit, whole; each other one is named, as far as names fit, and the rest counted. */
function groupTexts(groups: Groups, authors: Authors): readonly string[] {
  const { fitting, left } = withinBound(
    [...groups].map(([heading, differences]) => ({
      text: groupText([heading, differences], authors),
      name: `- ${markdownText(cut(heading, MOST_OF_NAME))}: ${count(differences.length, 'difference')}`,
    })),
    MOST_CHARACTERS,
    ({ text }) => text,
  );
  if (left.length === 0) return fitting.map(({ text }) => text);
  const names = withinBound(left, MOST_OF_NAMES, ({ name }) => name);
  const others = names.left.length === 0 ? [] : [`- … and ${names.left.length} more`];
  const rest = [`#### Too long to tell here`, '', ...names.fitting.map(({ name }) => name), ...others];
  return [...fitting.map(({ text }) => text), rest.join('\n'), '`flagstaff diff` prints everything.'];
}

/** The heading with its authors, then what is so everywhere, then each environment. */
function groupText(
  [heading, differences]: readonly [string, readonly Difference[]],
  authors: Authors,
): string {
  const everywhere = differences.filter(({ environment }) => environment === undefined);
  const elsewhere = differences.filter(({ environment }) => environment !== undefined);
  const shown = [...everywhere, ...elsewhere].slice(0, MOST_SENTENCES);
  const more = differences.length - shown.length;
  return [
    `#### ${markdownText(cut(heading, MOST_OF_NAME))}${byline(differences, authors)}`,
    '',
    ...[...groupBy(shown, ({ environment }) => environment ?? '')].flatMap(([environment, theirs]) =>
      environment === ''
        ? theirs.map(({ sentence }) => `- ${sentenceText(sentence)}`)
        : [
            `- **${markdownText(cut(environment, MOST_OF_NAME))}**`,
            ...theirs.map((difference) => `  - ${sentenceText(withoutEnvironment(difference))}`),
          ],
    ),
    ...(more === 0 ? [] : [`- … and ${more} more, which \`flagstaff diff\` prints`]),
  ].join('\n');
}

function sentenceText(sentence: string): string {
  return markdownText(cut(sentence, MOST_OF_SENTENCE));
}

/** Names without addresses: a comment may be read by everybody. */
function byline(differences: readonly Difference[], authors: Authors): string {
  const names = [...new Set(differences.flatMap(({ path }) => authors.get(path) ?? []))];
  if (names.length === 0) return '';
  const shown = names.slice(0, MOST_AUTHORS).map((name) => markdownText(cut(name, MOST_OF_NAME)));
  const more = names.length - shown.length;
  return ` by ${shown.join(', ')}${more === 0 ? '' : ` and ${count(more, 'other')}`}`;
}

/** The sentence begins with it, and it stands above. */
function withoutEnvironment({ sentence, environment }: Difference): string {
  const start = `${environment}: `;
  return sentence.startsWith(start) ? sentence.slice(start.length) : sentence;
}

/** Those whose texts fit together, and those that are left. */
function withinBound<Item>(items: readonly Item[], most: number, textOf: (item: Item) => string) {
  const fitting: Item[] = [];
  const left: Item[] = [];
  let room = most;
  for (const item of items) {
    const { length } = textOf(item);
    if (length > room) {
      left.push(item);
      continue;
    }
    room -= length;
    fitting.push(item);
  }
  return { fitting, left };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

/** What somebody has to do for it to merge comes first. */
function problemsText(problems: readonly Problem[]): string {
  const inOrder = [...problems].sort((one, other) => rankOf(one) - rankOf(other));
  const { fitting, left } = withinBound(inOrder.map(problemLine), MOST_OF_PROBLEMS, (line) => line);
  const more = left.length === 0 ? [] : [`- … and ${left.length} more, which \`flagstaff validate\` prints`];
  return ['#### What the checks say', '', ...fitting, ...more].join('\n');
}

function rankOf({ needsApproval, severity }: Problem): number {
  if (needsApproval) return 0;
  return severity === 'error' ? 1 : 2;
}

function problemLine({ severity, code, path, line, message, needsApproval }: Problem): string {
  const what = needsApproval ? `${severity}, **needs a second approver**:` : severity;
  return `- ${what} ${code} in ${markdownCode(`${path}:${line}`)}: ${sentenceText(message)}`;
}

function previewText(preview: string): string {
  return `Try it before it merges: a server answers as it would with the header ${markdownCode(`Flagstaff-At: ${preview}`)}.`;
}
