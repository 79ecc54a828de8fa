import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dereference } from '../support/openapi.js';

const test = suite('error codes');

/** Folders of what a request can reach. */
const FOLDERS = ['model', 'evaluation', 'files', 'changes', 'repository', 'http'];
/** What only starting a server answers. */
const AT_START = [
  ...['NO_REPOSITORY', 'SECRET_DAMAGED', 'FOLDER_NOT_EMPTY', 'GIT_PROGRAM_MISSING', 'INVALID_REMOTE'],
  ...['NO_BRANCH', 'REMOTE_BRANCH_MISSING'],
];
/** What is put together from parts, and what is said without a `Failure`. */
const OTHERWISE = [
  ...['MEMBER_NOT_FOUND', 'MEMBER_EXISTS', 'GROUP_NOT_FOUND', 'GROUP_EXISTS'],
  ...['INVITATION_NOT_FOUND', 'INVITATION_EXISTS', 'CONFLICT', 'NOT_FOUND', 'METHOD_NOT_ALLOWED'],
  ...['HEADERS_TOO_LARGE', 'REQUEST_TIMEOUT', 'INVALID_JSON'],
];

/** The codes of every `new Failure(kind, code, …)`; a name stands for the texts that its constant may have. */
function codesOfSource(): readonly string[] {
  const codes = FOLDERS.flatMap((folder) =>
    readdirSync(path.join('src', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => codesOfFile(path.join('src', folder, name))),
  );
  return [...new Set([...codes, ...OTHERWISE])].filter((code) => !AT_START.includes(code)).sort();
}

function codesOfFile(name: string): readonly string[] {
  const file = ts.createSourceFile(name, readFileSync(name, 'utf8'), ts.ScriptTarget.Latest, true);
  const codes: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'Failure') {
      const code = node.arguments?.[1];
      if (code !== undefined) codes.push(...textsOf(code, file));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return codes;
}

function textsOf(node: ts.Expression, file: ts.SourceFile): readonly string[] {
  if (ts.isStringLiteral(node)) return [node.text];
  if (ts.isConditionalExpression(node))
    return [...textsOf(node.whenTrue, file), ...textsOf(node.whenFalse, file)];
  if (!ts.isIdentifier(node)) return [];
  const made: string[] = [];
  const visit = (one: ts.Node): void => {
    const isIt = ts.isVariableDeclaration(one) && one.name.getText() === node.text;
    if (isIt && one.initializer !== undefined) made.push(...textsOf(one.initializer, file));
    ts.forEachChild(one, visit);
  };
  visit(file);
  return made;
}

test('the description lists every code that a request may be refused with, and no other', () => {
  const { enum: listed } = dereference({ $ref: '#/components/schemas/FailureCode' }) as {
    enum: readonly string[];
  };
  assert.equal([...listed].sort(), codesOfSource());
});

test.run();
