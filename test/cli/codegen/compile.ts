import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { temporaryFolder } from '../../support/git.js';

/** As strict as a project can be. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: true,
  types: ['node'],
};

/** A folder in which the SDKs of OpenFeature are installed. */
export function folderWithSdks(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }\n');
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

/** What the compiler says of these files: `server.ts:3: Type 'string' is not assignable to type 'number'.` */
export function mistakesIn(folder: string, names: readonly string[]): readonly string[] {
  const program = ts.createProgram(
    names.map((name) => path.join(folder, name)),
    OPTIONS,
  );
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    const text = ts.flattenDiagnosticMessageText(messageText, ' ');
    return `${path.basename(file?.fileName ?? '')}:${line}: ${text}`;
  });
}

/** The module as it runs. */
export async function runModule(folder: string, name: string, text: string): Promise<unknown> {
  const script = path.join(folder, `${name}.js`);
  writeFileSync(
    script,
    ts.transpileModule(text, {
      compilerOptions: { ...OPTIONS, module: ts.ModuleKind.ESNext },
    }).outputText,
  );
  return import(pathToFileURL(script).href);
}
