import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * What a test file's source shows and its output hides: `.only` on the single test of a suite, and a suite that never
 * runs beside one that does. Sentences, with the line where there is one.
 */
export function findMistakes(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const suites = new Map<string, SuiteUse>();
  const makers = new Set<string>();
  visit(file, (node) => collectSuite(node, { suites, makers }));
  const marked: string[] = [];
  visit(file, (node) => {
    const mark = markOf(node, suites);
    if (mark !== undefined) marked.push(`line ${lineOf(file, node)}: ${mark} is left in`);
  });
  visit(file, (node) => collectCall(node, suites));
  return [...marked, ...[...suites].flatMap(([name, use]) => runMistakes(name, use))];
}

/** The suites of a file by name, and the names under which it has `suite`. Imports stand before what uses them. */
interface Found {
  readonly suites: Map<string, SuiteUse>;
  readonly makers: Set<string>;
}

/** Offsets in the source; -1 where there is none. */
interface SuiteUse {
  lastTest: number;
  lastRun: number;
}

/** A suite is what `suite()` made, or uvu's own `test`; both may be imported under other names. */
function collectSuite(node: ts.Node, { suites, makers }: Found): void {
  if (ts.isImportSpecifier(node)) {
    const imported = (node.propertyName ?? node.name).text;
    if (imported === 'test') suites.set(node.name.text, { lastTest: -1, lastRun: -1 });
    if (imported === 'suite') makers.add(node.name.text);
    return;
  }
  const name = declaredSuite(node, makers);
  if (name !== undefined) suites.set(name, { lastTest: -1, lastRun: -1 });
}

function declaredSuite(node: ts.Node, makers: ReadonlySet<string>): string | undefined {
  if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) return undefined;
  const made = node.initializer;
  if (made === undefined || !ts.isCallExpression(made) || !ts.isIdentifier(made.expression)) return undefined;
  return makers.has(made.expression.text) ? node.name.text : undefined;
}

function markOf(node: ts.Node, suites: ReadonlyMap<string, SuiteUse>): string | undefined {
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  if (!suites.has(node.expression.text)) return undefined;
  const mark = node.name.text;
  return mark === 'only' || mark === 'skip' ? `${node.expression.text}.${mark}` : undefined;
}

function collectCall(node: ts.Node, suites: ReadonlyMap<string, SuiteUse>): void {
  if (!ts.isCallExpression(node)) return;
  const called = node.expression;
  if (ts.isIdentifier(called)) {
    const use = suites.get(called.text);
    if (use !== undefined) use.lastTest = node.pos;
  } else if (ts.isPropertyAccessExpression(called) && called.name.text === 'run') {
    const use = ts.isIdentifier(called.expression) ? suites.get(called.expression.text) : undefined;
    if (use !== undefined) use.lastRun = node.pos;
  }
}

function runMistakes(name: string, use: SuiteUse): string[] {
  if (use.lastTest === -1 || use.lastRun > use.lastTest) return [];
  return [use.lastRun === -1 ? `${name}.run() is missing` : `a test of ${name} stands after ${name}.run()`];
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}
