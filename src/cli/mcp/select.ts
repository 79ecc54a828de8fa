import type { JsonObject, JsonValue } from '../../model/values.js';
import { WrongUse } from '../exit.js';

/** What of a command's answer is told to an agent that asked with these fields. */
export type Select = (answer: JsonValue, asked: Readonly<Record<string, unknown>>) => JsonValue;

/** The flags that match, behind the one that is named, as many as are wanted. */
export const selectFlags: Select = (answer, { query, after, limit }) => {
  const matching = listOf(answer).filter((flag) => query === undefined || hasWords(flag, String(query)));
  const place = matching.findIndex((flag) => nameOf(flag) === after);
  if (after !== undefined && place === -1) throw new WrongUse(`after: ${after} is none of these flags`);
  const rest = matching.slice(place + 1);
  const flags = rest.slice(0, Number(limit));
  const isCut = flags.length < rest.length;
  return { ...(isCut && { truncated: true }), total: matching.length, flags };
};

/** Problems of the files that are asked for, and how many those are. */
export const selectProblems: Select = (answer, asked) => {
  if (!isObject(answer)) return answer;
  const problems = listOf(answer.problems).filter((problem) => isWanted(problem, asked));
  const numberOf = (severity: string) => problems.filter((problem) => problem.severity === severity).length;
  return { ...answer, errors: numberOf('error'), warnings: numberOf('warning'), problems };
};

/** Cases of the files that are asked for: those that fail first, for they must not be cut off. */
export const selectCases: Select = (answer, asked) => {
  if (!isObject(answer)) return answer;
  const cases = listOf(answer.cases).filter((one) => isWanted(one, asked));
  const [failed, passed] = [cases.filter((one) => !one.passed), cases.filter((one) => one.passed)];
  return { ...answer, cases: [...failed, ...passed] };
};

/** Commits with their sentences alone: the same as data is many times as long. */
export const withoutDifferences: Select = (answer) =>
  listOf(answer).map(({ differences: _, ...entry }) => entry);

function hasWords({ key, name, description, owner, tags }: JsonObject, query: string): boolean {
  const text = JSON.stringify([key, name, description, owner, tags]).toLowerCase();
  return text.includes(JSON.stringify(query).slice(1, -1).toLowerCase());
}

function nameOf({ org, project, key }: JsonObject): string {
  return `${org}/${project}/${key}`;
}

/** By a path as `flags/<org>/<project>/...`. */
function isWanted({ path: file }: JsonObject, asked: Readonly<Record<string, unknown>>): boolean {
  const name = String(file);
  const [, org, project] = name.split('/');
  return (
    (asked.org === undefined || asked.org === org) &&
    (asked.project === undefined || asked.project === project) &&
    (asked.path === undefined || name.startsWith(String(asked.path)))
  );
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
