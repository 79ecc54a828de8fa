import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * The interfaces of a folder that are maps (they have an index signature), each with the name of its keys' type, or
 * undefined where that is plain `string`. The schema generator knows the values of a map only, so a key that the type
 * forbids would pass.
 */
export function mapKeyTypes(folder: string): ReadonlyMap<string, string | undefined> {
  const types = new Map<string, string | undefined>();
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort()) {
    const text = readFileSync(join(folder, name), 'utf8');
    const source = ts.createSourceFile(name, text, ts.ScriptTarget.ES2023);
    for (const statement of source.statements) {
      if (!ts.isInterfaceDeclaration(statement)) continue;
      const index = statement.members.find(ts.isIndexSignatureDeclaration);
      if (index !== undefined) types.set(statement.name.text, keyTypeName(index, source));
    }
  }
  return types;
}

function keyTypeName(index: ts.IndexSignatureDeclaration, source: ts.SourceFile): string | undefined {
  const type = index.parameters[0]?.type;
  return type !== undefined && ts.isTypeReferenceNode(type) ? type.typeName.getText(source) : undefined;
}
