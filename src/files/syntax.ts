import { Composer, type CST, Lexer, type ParsedNode, Parser, Schema } from 'yaml';
import type { TextProblem } from './text.js';

/** How deep maps and lists may be nested. */
const DEPTH_LIMIT = 32;
/** How many keys one map may have. */
export const KEYS_LIMIT = 1000;

/** The one document of a text: its root node, or why there is none. */
export type Syntax =
  | { readonly kind: 'root'; readonly root: ParsedNode }
  | { readonly kind: 'problems'; readonly problems: readonly TextProblem[] };

/** The lexer puts this before the source of a plain or block scalar, whose first character then means nothing. */
const SCALAR_FOLLOWS = '\x1F';

const FEATURES: ReadonlyMap<string, string> = new Map([
  ['&', 'an anchor is not read here; write the value out, or text in quotes'],
  ['*', 'an alias is not read here; write the value out, or text in quotes'],
  ['!', 'a tag is not read here; write the plain value, or text in quotes'],
  ['%', 'a directive is not read here; the files are YAML 1.2'],
]);

/** Most texts have none of these signs, and need no look at each of their tokens. */
const FEATURE_SIGN = /[&*!%]/;

/** One schema for all documents: making one costs as much as a short document. */
const COMPOSER_OPTIONS = {
  version: '1.2',
  schema: new Schema({ schema: 'core', merge: false }),
  uniqueKeys: false,
  prettyErrors: false,
  // Who edits the text needs to know the tokens that the nodes are made of.
  keepSourceTokens: true,
} as const;

/**
 * Reads a text, without a byte order mark before it, as one YAML 1.2 document without anchors, aliases, tags and
 * directives. Linear in the text's length, but for one that may be as deep and as wide as it likes.
 */
export function readSyntax(text: string, { isUnlimited = false } = {}): Syntax {
  const control = controlCharacter(text);
  if (control !== undefined) return { kind: 'problems', problems: [control] };
  const { tokens, problems } = readTokens(text, isUnlimited);
  return problems.length > 0 ? { kind: 'problems', problems } : composeRoot(tokens, text);
}

/** YAML forbids them, the parser lets them pass; a lone carriage return is no line break to it, but is to people. */
function controlCharacter(text: string): TextProblem | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  const offset = text.search(/[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]|\r(?!\n)/);
  if (offset === -1) return undefined;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  return syntaxProblem(offset, `the control character U+${code} may not stand in YAML`);
}

interface TokenReading {
  readonly tokens: readonly CST.Token[];
  readonly problems: readonly TextProblem[];
}

/** Stops at a text that is too deep or too wide before anything costs more than its length. */
function readTokens(text: string, isUnlimited: boolean): TokenReading {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const problems: TextProblem[] = [];
  const mayHaveFeatures = FEATURE_SIGN.test(text);
  let previous = '';
  for (const lexeme of new Lexer().lex(text)) {
    const feature =
      mayHaveFeatures && previous !== SCALAR_FOLLOWS ? FEATURES.get(lexeme.charAt(0)) : undefined;
    if (feature !== undefined) problems.push(featureProblem(parser.offset, feature));
    for (const token of parser.next(lexeme)) tokens.push(token);
    const excess = isUnlimited ? undefined : excessOf(parser.stack);
    if (excess !== undefined) return { tokens, problems: [...problems, excess] };
    previous = lexeme;
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, problems: [...problems, ...secondDocument(tokens)] };
}

function excessOf(stack: readonly CST.Token[]): TextProblem | undefined {
  const top = stack[stack.length - 1];
  if (top === undefined || !isCollection(top)) return undefined;
  if (stack.length > DEPTH_LIMIT && stack.filter(isCollection).length > DEPTH_LIMIT) {
    const message = `maps and lists are nested more than ${DEPTH_LIMIT} deep here`;
    return { offset: top.offset, code: 'TOO_DEEP', severity: 'error', message };
  }
  // An item may be a comment or an empty line; the exact count is taken when the value is made.
  return isMapToken(top) && top.items.length > 2 * KEYS_LIMIT ? tooManyKeys(top.offset) : undefined;
}

/** The problem of a map that begins here. */
export function tooManyKeys(offset: number): TextProblem {
  const message = `the map has more than ${KEYS_LIMIT} keys`;
  return { offset, code: 'TOO_MANY_KEYS', severity: 'error', message };
}

function isCollection(token: CST.Token): token is CST.BlockMap | CST.BlockSequence | CST.FlowCollection {
  return token.type === 'block-map' || token.type === 'block-seq' || token.type === 'flow-collection';
}

function isMapToken(token: CST.BlockMap | CST.BlockSequence | CST.FlowCollection): boolean {
  return token.type === 'block-map' || (token.type === 'flow-collection' && token.start.source === '{');
}

function secondDocument(tokens: readonly CST.Token[]): TextProblem[] {
  const second = tokens.filter((token) => token.type === 'document')[1];
  if (second === undefined) return [];
  return [featureProblem(second.offset, 'a second document begins here; a file is one document')];
}

/** Takes all that the composer gives, the one document: left halfway, it holds on to each text's nodes for a long time. */
function composeRoot(tokens: readonly CST.Token[], text: string): Syntax {
  const [document] = [...new Composer(COMPOSER_OPTIONS).compose(tokens, true, text.length)];
  const error = document?.errors[0];
  if (error !== undefined) {
    return { kind: 'problems', problems: [syntaxProblem(error.pos[0], sentence(error.message))] };
  }
  const root = document?.contents ?? null;
  if (root !== null && !isEmpty(root)) return { kind: 'root', root };
  const message = 'the file holds nothing; its content was wanted';
  return { kind: 'problems', problems: [{ offset: 0, code: 'EMPTY_FILE', severity: 'error', message }] };
}

/** An empty document is a scalar without a source. */
function isEmpty(node: ParsedNode): boolean {
  return 'source' in node && node.source === '' && node.range[0] === node.range[1];
}

/** Only the first error is told: those after it are mostly its consequences. */
function sentence(message: string): string {
  const advice = IN_NEED_OF_QUOTES.test(message) ? '; write the text in quotes' : '';
  return `broken YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}${advice}`;
}

/** What the parser says of text with a colon and a blank in it, and of text that begins with a sign of YAML. */
const IN_NEED_OF_QUOTES =
  /^(?:Nested mappings are not allowed in compact mappings|Plain value cannot start with)/;

function syntaxProblem(offset: number, message: string): TextProblem {
  return { offset, code: 'YAML_SYNTAX', severity: 'error', message };
}

function featureProblem(offset: number, message: string): TextProblem {
  return { offset, code: 'YAML_FEATURE', severity: 'error', message };
}
