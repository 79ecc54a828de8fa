import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { markdownText } from './markdown.js';
import { type Surroundings, variable } from './surroundings.js';

/** Something to show beside a line of a file in a pull request. */
interface Annotation {
  readonly severity: 'error' | 'warning';
  /** From the top of the flags repository, with `/`. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly title: string;
  readonly message: string;
}

/** GitHub shows no more than ten of a kind for a step. */
const ANNOTATIONS = 10;

/**
 * Prints workflow commands for the first ten, errors before warnings; the rest goes into the step's summary, or to
 * standard error where there is no summary.
 */
export function annotate(annotations: readonly Annotation[], folder: string, around: Surroundings): void {
  const inOrder = [
    ...annotations.filter((annotation) => annotation.severity === 'error'),
    ...annotations.filter((annotation) => annotation.severity === 'warning'),
  ].map((annotation) => ({ ...annotation, path: workspacePath(annotation.path, folder, around) }));
  for (const annotation of inOrder.slice(0, ANNOTATIONS)) around.print(workflowCommand(annotation));
  summarize(inOrder.slice(ANNOTATIONS), around);
}

/** GitHub wants paths from the top of what was checked out, which the flags repository may be a folder of. */
export function workspacePath(file: string, folder: string, around: Surroundings): string {
  const workspace = variable(around, 'GITHUB_WORKSPACE');
  if (workspace === undefined) return file;
  const relative = path.relative(workspace, path.join(folder, file));
  return relative.startsWith('..') ? file : relative.split(path.sep).join('/');
}

function workflowCommand(annotation: Annotation): string {
  const properties = [
    `file=${escapeProperty(annotation.path)}`,
    `line=${annotation.line}`,
    `col=${annotation.column}`,
    `title=${escapeProperty(annotation.title)}`,
  ];
  return `::${annotation.severity} ${properties.join(',')}::${escapeData(annotation.message)}`;
}

/** A line break would end the command; GitHub reads these escapes back. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function summarize(rest: readonly Annotation[], around: Surroundings): void {
  if (rest.length === 0) return;
  const summary = variable(around, 'GITHUB_STEP_SUMMARY');
  if (summary === undefined) {
    for (const one of rest)
      around.warn(`${one.path}:${one.line}:${one.column}: ${one.title}: ${one.message}`);
    return;
  }
  const rows = rest.map(
    (one) =>
      `| ${markdownText(`${one.path}:${one.line}`)} | ${markdownText(one.title)} | ${markdownText(one.message)} |`,
  );
  appendFileSync(summary, ['| place | what | message |', '| --- | --- | --- |', ...rows, ''].join('\n'));
}
