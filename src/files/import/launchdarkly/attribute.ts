import { Inexact, type Note } from '../draft.js';

/** The kind that contexts have where nothing else is said. */
const USER = 'user';

/** The kind of context that something asks, as LaunchDarkly names it. */
export function kindOf(kind: unknown): string {
  return typeof kind === 'string' && kind !== '' ? kind : USER;
}

/** Our attribute that holds the key of a context of this kind. */
export function keyAttribute(kind: string): string {
  if (kind === USER) return 'targetingKey';
  if (kind.includes('.') || kind in {})
    throw new Inexact(
      'contextKind',
      `the kind ${JSON.stringify(kind)} cannot be the name of an attribute here`,
    );
  return `${kind}.key`;
}

/** What names an attribute of a context. */
export interface AttributeReference {
  /** `email`, or `/address/city` where a kind is named: a path is only read beside a kind. */
  readonly reference: string;
  /** Undefined where none is named: then it is the user, and the reference is a plain name. */
  readonly kind: string | undefined;
}

/** Our name of the attribute. Throws `Inexact` for what has none. */
export function attributeOf({ reference, kind }: AttributeReference, note: Note): string {
  const parts = partsOf(reference, kind !== undefined);
  const [first = '', second] = parts;
  const isKey = second === undefined && first === 'key';
  const owner = kindOf(kind);
  if (isKey) return keyAttribute(owner);
  if (first === 'kind' && second === undefined)
    throw new Inexact('kind', 'it asks which kinds of context there are, and no rule here does');
  if (owner !== USER) return [kindPrefix(owner), ...parts.map(plainPart)].join('.');
  if (first === 'targetingKey')
    throw new Inexact('attribute', 'the attribute targetingKey is the key of the caller here');
  if (second !== undefined) return parts.map(plainPart).join('.');
  if (first.includes('.')) note('assumed', 'attribute', dotted(first));
  return checked(first);
}

function partsOf(reference: string, mayBePath: boolean): readonly string[] {
  if (reference === '') throw new Inexact('attribute', 'a clause names no attribute');
  if (!mayBePath || !reference.startsWith('/')) return [reference];
  if (/\/\/|~[^01]|~$|\/$/.test(reference))
    throw new Inexact('attribute', `${JSON.stringify(reference)} is no reference to an attribute`);
  return reference
    .slice(1)
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function kindPrefix(kind: string): string {
  return keyAttribute(kind).replace(/\.key$/, '');
}

/** A dot in a part would be read as a step of the path. */
function plainPart(part: string): string {
  if (part.includes('.'))
    throw new Inexact(
      'attribute',
      `a dot in the name ${JSON.stringify(part)} would be read as a step of a path`,
    );
  return checked(part);
}

function checked(name: string): string {
  if (name.length <= 150 && !(name in {})) return name;
  throw new Inexact('attribute', `${JSON.stringify(name.slice(0, 60))} names no attribute here`);
}

function dotted(name: string): string {
  const [first = ''] = name.split('.');
  return `callers without the attribute ${name} have no attribute ${first} with such a part: it would be read here`;
}
