import type { Sample } from '../../changes/impact/impact.js';

/** What a line may say beside its context. */
const PLACES = ['org', 'project', 'environment'] as const;
const KNOWN: readonly string[] = ['context', 'count', 'at', ...PLACES];

/** As deep as a question to the server may be: what is deeper is no context, and would fill the stack. */
const MOST_DEPTH = 32;

/** A line that is no context, and why. */
export interface BrokenLine {
  readonly problem: string;
}

/**
 * Reads a line of JSON: a context, `{"targetingKey":"u-1","country":"DE"}`, or a context with where it was asked and
 * how often: `{"context":{…},"org":"acme","project":"web-app","environment":"production","count":3}`. When it was asked,
 * `at`, is for people. An object with a `context` in it is always the second.
 */
export function parseSample(line: string): Sample | BrokenLine {
  const value = parseJson(line);
  if (!isObject(value)) return { problem: `wanted a JSON object, got ${shortened(line)}` };
  if (isDeeper(value, MOST_DEPTH)) return { problem: `nested deeper than ${MOST_DEPTH} levels` };
  if (!Object.hasOwn(value, 'context')) return { context: value as Sample['context'], count: 1 };
  if (!isObject(value.context)) {
    return { problem: `context: wanted a JSON object, got ${shortened(JSON.stringify(value.context))}` };
  }
  const unknown = Object.keys(value).find((key) => !KNOWN.includes(key));
  if (unknown !== undefined) {
    return { problem: `${shortened(unknown)} beside context: wanted ${KNOWN.slice(1).join(', ')}` };
  }
  const { context, count = 1 } = value;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1) {
    return { problem: `count: wanted a whole number from 1, got ${shortened(JSON.stringify(count))}` };
  }
  const wrong = PLACES.find((place) => value[place] !== undefined && typeof value[place] !== 'string');
  if (wrong !== undefined) return { problem: `${wrong}: wanted a key` };
  const { org, project, environment } = value as { readonly [place in (typeof PLACES)[number]]?: string };
  return { context: context as Sample['context'], count, ...withoutGaps({ org, project, environment }) };
}

/** Asked of every line, so it makes no list of the values: JSON has own fields alone. */
function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  for (const name in value) {
    const inner: unknown = (value as Readonly<Record<string, unknown>>)[name];
    if (typeof inner === 'object' && inner !== null && isDeeper(inner, levels - 1)) return true;
  }
  return false;
}

function withoutGaps(
  places: Readonly<Record<string, string | undefined>>,
): Omit<Sample, 'context' | 'count'> {
  return Object.fromEntries(Object.entries(places).filter(([, place]) => place !== undefined));
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortened(text: string): string {
  const short = text.trim().slice(0, 60);
  return short === '' ? 'nothing' : short;
}
