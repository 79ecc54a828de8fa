import { createHash } from 'node:crypto';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { sentencesOf } from '../../changes/difference-files.js';
import { unifiedDiff } from '../../changes/text-diff.js';
import { Failure } from '../../model/failure.js';
import type { JsonObject, JsonValue } from '../../model/values.js';
import type { ExpectedFiles, Preview } from '../../repository/write-request.js';
import { type CommandWrite, commitWrite, preview, type ShownWrite } from '../write/commit.js';
import { jsonAnswer, MOST_TEXT, type ToolPlace } from './answer.js';
import { fitted } from './fit.js';

/** A write that an agent asks for. */
export interface Wanted {
  readonly write: CommandWrite;
  /** The word that it was given for it; undefined where it only wants to see. */
  readonly confirm: string | undefined;
  /** The tool, and all that it was asked with. */
  readonly asked: Readonly<Record<string, unknown>>;
}

/** At most so much is told of a write, and so much of it beside its diff: the rest of the room is the diff's. */
const MOST_SHOWN = 0.8 * MOST_TEXT;
const MOST_BESIDE = 0.5 * MOST_TEXT;
const OTHER = 'the word was for another change, or the files are others by now';
const NOTHING = 'it is so already: there is nothing to change';

/**
 * Writes only what was shown: with a word for other fields, or for files that are others by now, it is shown again. That
 * the files are those that were shown is a condition of the write itself: nobody can come between.
 */
export async function tryOrWrite(wanted: Wanted, place: ToolPlace): Promise<CallToolResult> {
  const warned: string[] = [];
  const around = { ...place.around, warn: (line: string) => warned.push(line) };
  return jsonAnswer(await tried(wanted, { ...place, around }), warned);
}

async function tried({ write, confirm, asked }: Wanted, place: ToolPlace): Promise<JsonObject> {
  const shown = await preview(place.repo, write, place.around);
  const word = wordFor(asked, shown);
  if (confirm === undefined || confirm !== word || !isWritable(shown.previewed)) {
    return dryRun(shown, word, confirm === undefined ? undefined : OTHER);
  }
  try {
    const made = await commitWrite(place.repo, onlyOn(shown.previewed.expects, write), place.around);
    return { dryRun: false, ...made };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'PRECONDITION_FAILED') throw error;
    const now = await preview(place.repo, write, place.around);
    return dryRun(now, wordFor(asked, now), `${OTHER}: ${error.message}`);
  }
}

/** The same write, which is refused where one of the files is another one by then, whoever makes it. */
function onlyOn(expects: ExpectedFiles, { request, ask }: CommandWrite): CommandWrite {
  return {
    request: async (cache, repository) => ({ ...(await request(cache, repository)), expects }),
    ask: async (repository) => {
      const asked = await ask(repository);
      return { ...asked, body: { ...asked.body, expects } };
    },
  };
}

/** What matters most comes first; of a large change the diff is what is cut. */
function dryRun({ previewed }: ShownWrite, word: string, why: string | undefined): JsonObject {
  const { changed, files, differences, problems, warnings, brokenTests, refusals } = previewed;
  const note = changed ? why : NOTHING;
  const told = {
    dryRun: true,
    ...(isWritable(previewed) && { confirm: word }),
    ...(note !== undefined && { note }),
    changes: changed,
    problems,
    warnings,
    brokenTests,
    refusals,
    sentences: sentencesOf(differences),
  };
  const fit = fitted(told as unknown as JsonValue, MOST_BESIDE) as JsonObject;
  const diff = unifiedDiff(files);
  const cut = wholeLines(diff, MOST_SHOWN - JSON.stringify(fit).length);
  return { ...fit, ...(cut !== diff && { diffCut: true }), diff: cut };
}

/** As many lines as have room in JSON. */
function wholeLines(text: string, most: number): string {
  let length = 0;
  let end = 0;
  while (end < text.length) {
    const next = text.indexOf('\n', end) + 1 || text.length;
    length += JSON.stringify(text.slice(end, next)).length;
    if (length > most) break;
    end = next;
  }
  return text.slice(0, end);
}

/** A hash of what is asked, what that means now, and the files that it was shown for: nothing is kept between the calls. */
function wordFor(asked: Wanted['asked'], { previewed, changes }: ShownWrite): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted([asked, changes, previewed.expects])))
    .digest('hex')
    .slice(0, 16);
}

/** Agents may write fields in another order the second time. That of a split's weights decides who gets what. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]): [string, unknown] => [name, sorted(one)]);
  const isSplit = entries.every(([, one]) => typeof one === 'number');
  const inOrder = isSplit ? entries : entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return inOrder;
}

function isWritable({ changed, problems, brokenTests, refusals }: Preview): boolean {
  return changed && problems.length + brokenTests.length + refusals.length === 0;
}
