import { unreachable } from '../../model/unreachable.js';
import type { JsonValue } from '../../model/values.js';
import { isIdentifier } from './accessor-names.js';
import type { Property, Shape } from './shape.js';

/** What does not show in an editor, or changes how the rest shows. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text as TypeScript writes it, in single quotes. */
export function textLiteral(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replace(UNSEEN, escaped)}'`;
}

/** The name of a property, in quotes where it needs them. */
export function propertyName(name: string): string {
  return isIdentifier(name) ? name : textLiteral(name);
}

/** A value as TypeScript writes it. */
export function valueLiteral(value: JsonValue): string {
  if (typeof value === 'string') return textLiteral(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(valueLiteral).join(', ')}]`;
  const entries = Object.entries(value).map(([name, one]) => `${propertyName(name)}: ${valueLiteral(one)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** A shape as a type of TypeScript. */
export function typeLiteral(shape: Shape): string {
  switch (shape.kind) {
    case 'null':
    case 'boolean':
    case 'string':
    case 'number':
      return shape.kind;
    case 'list':
      return listType(shape.items);
    case 'object':
      return objectType(shape.properties);
    case 'union':
      return shape.members.map(typeLiteral).join(' | ');
    default:
      return unreachable(shape);
  }
}

function listType(items: Shape | undefined): string {
  if (items === undefined) return 'never[]';
  return items.kind === 'union' ? `(${typeLiteral(items)})[]` : `${typeLiteral(items)}[]`;
}

function objectType(properties: ReadonlyMap<string, Property>): string {
  if (properties.size === 0) return 'Record<string, never>';
  const parts = [...properties].map(
    ([name, { shape, isOptional }]) => `${propertyName(name)}${isOptional ? '?' : ''}: ${typeLiteral(shape)}`,
  );
  return `{ ${parts.join('; ')} }`;
}

function escaped(character: string): string {
  return [...character].map((each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`).join('');
}
