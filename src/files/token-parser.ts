import { CST, Parser } from 'yaml';

/** What the package's parser keeps between two tokens, and the step that it takes for each. */
interface ParserState {
  atNewLine: boolean;
  atScalar: boolean;
  indent: number;
  offset: number;
  source: string;
  type: string;
  step(): Generator<CST.Token, void>;
  pop(error: CST.ErrorToken): Generator<CST.Token, void>;
}

/**
 * The package's parser, but for one thing: its `next` asks the process's environment at each token whether to print
 * it, and in Node that costs as much as all the rest of parsing. This one does what `Parser.next` of yaml 2.9 does, and
 * does not ask. A test holds the two against each other.
 */
export class TokenParser extends Parser {
  override *next(source: string): Generator<CST.Token, void> {
    // The package calls these fields private; they are what `next` is made of.
    const state = this as unknown as ParserState;
    state.source = source;
    if (state.atScalar) {
      state.atScalar = false;
      yield* state.step();
      state.offset += source.length;
      return;
    }
    yield* nextToken(state, source);
  }
}

function* nextToken(state: ParserState, source: string): Generator<CST.Token, void> {
  const type = CST.tokenType(source);
  if (type === null) {
    const message = `Not a YAML token: ${source}`;
    yield* state.pop({ type: 'error', offset: state.offset, message, source });
  } else if (type === 'scalar') {
    state.atNewLine = false;
    state.atScalar = true;
    state.type = 'scalar';
    return;
  } else {
    state.type = type;
    yield* state.step();
    if (type === 'doc-mode' || type === 'flow-error-end') return;
    moveOn(state, type);
  }
  state.offset += source.length;
}

/** Keeps count of the indentation: blanks and the marks of entries at the beginning of a line. */
function moveOn(state: ParserState, type: CST.TokenType): void {
  switch (type) {
    case 'newline':
      state.atNewLine = true;
      state.indent = 0;
      break;
    case 'space':
      if (state.atNewLine && state.source.startsWith(' ')) state.indent += state.source.length;
      break;
    case 'explicit-key-ind':
    case 'map-value-ind':
    case 'seq-item-ind':
      if (state.atNewLine) state.indent += state.source.length;
      break;
    default:
      state.atNewLine = false;
  }
}
