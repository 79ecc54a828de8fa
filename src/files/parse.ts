import { type Issue, inText } from './issue.js';
import { judgeMeaning } from './meaning.js';
import type { FileKind, FileValues, LocatedProblem, ParsedFile } from './parsed.js';
import { readRecent } from './recent-texts.js';
import { judgeShape } from './shape.js';
import { judgeStyle } from './style.js';
import { decodeText, locateInText, sizeProblem, type TextProblem, textProblem } from './text.js';
import { readYaml, type YamlText } from './yaml-text.js';

/**
 * Reads one file: all that it alone can tell. Bytes become text, a document with its plain value, a value of the right
 * shape and at last one that means something; each stage judges only what the one before let pass. Pure; what is wrong
 * is in the problems, nothing is thrown.
 */
export function parseFile<Kind extends FileKind>(kind: Kind, bytes: Uint8Array): ParsedFile<Kind> {
  const decoded = decodeText(kind, bytes);
  if (decoded.kind === 'problem') return parsedFile(kind, undefined, [decoded.problem]);
  return parseYaml(kind, readYaml(decoded.text));
}

/** The same of a text. Who has read it already gives what was read. */
export function parseText<Kind extends FileKind>(
  kind: Kind,
  whole: string,
  read?: YamlText,
): ParsedFile<Kind> {
  const problem = textProblem(kind, whole);
  if (problem !== undefined) return parsedFile(kind, undefined, [problem]);
  return parseYaml(kind, read ?? readRecent(whole));
}

/** What a file of so many bytes is, which nobody has to read for that; undefined where its kind may have as many. */
export function oversizedFile(kind: FileKind, bytes: number): ParsedFile | undefined {
  const problem = sizeProblem(kind, bytes);
  return problem && parsedFile(kind, undefined, [problem]);
}

function parseYaml<Kind extends FileKind>(kind: Kind, yaml: YamlText): ParsedFile<Kind> {
  const { value, problems } = judgeText(kind, yaml);
  return parsedFile(kind, value, problems.length === 0 ? [] : locateInText(yaml.text, problems));
}

interface Judged<Kind extends FileKind> {
  readonly value: FileValues[Kind] | undefined;
  readonly problems: readonly TextProblem[];
}

/** `parseFile` from the document on, with problems by their place in the text behind the mark. */
export function judgeText<Kind extends FileKind>(kind: Kind, yaml: YamlText): Judged<Kind> {
  const { reading } = yaml;
  if (reading.kind === 'unreadable') return { value: undefined, problems: reading.problems };
  const { root, value: plain } = reading;
  const noted = [...reading.problems, ...judgeStyle(yaml, root)];
  if (noted.some(isError)) return { value: undefined, problems: noted };
  const judged = issuesOf(kind, plain).map((issue) => inText(root, issue));
  const problems = [...withoutEchoes(noted, judged), ...judged];
  if (problems.some(isError)) return { value: undefined, problems };
  // The schema of this kind let it pass.
  return { value: plain as unknown as FileValues[Kind], problems };
}

function issuesOf(kind: FileKind, value: unknown): readonly Issue[] {
  const wrongShape = judgeShape(kind, value);
  return wrongShape.length > 0 ? wrongShape : judgeMeaning(kind, value as FileValues[FileKind]);
}

/** A word that YAML 1.1 reads as true or false needs no warning where it is the wrong type already. */
function withoutEchoes(
  noted: readonly TextProblem[],
  judged: readonly TextProblem[],
): readonly TextProblem[] {
  if (judged.length === 0) return noted;
  const wrong = new Set(judged.filter(isError).map(({ offset }) => offset));
  return noted.filter(({ code, offset }) => code !== 'YAML_1_1_WORD' || !wrong.has(offset));
}

function isError(problem: TextProblem): boolean {
  return problem.severity === 'error';
}

function parsedFile<Kind extends FileKind>(
  kind: Kind,
  value: FileValues[Kind] | undefined,
  problems: readonly LocatedProblem[],
): ParsedFile<Kind> {
  // The compiler does not see that a kind and its value make the entry of that kind.
  return { kind, value, problems } as ParsedFile<Kind>;
}
