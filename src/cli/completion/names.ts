import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { TOLD_CODES } from '../../files/checks/codes.js';
import { parseFile } from '../../files/parse.js';
import { FLAGS_FOLDER, type Place, pathOf, placeOf } from '../../files/paths.js';
import { Failure } from '../../model/failure.js';
import { environmentKeys } from '../../model/project.js';
import { WrongUse } from '../exit.js';
import { repositoryFolder } from '../folder.js';
import { runGit } from '../git-program.js';
import type { Surroundings } from '../surroundings.js';
import type { Names } from './suggest.js';

/** Where names are looked for. */
interface Looking {
  readonly folder: string;
  readonly org: string | undefined;
  readonly project: string | undefined;
}

/** What the arguments and options that take a revision are called; the first takes `main..HEAD` too. */
const RANGE = 'revisions';
const REVISIONS = [RANGE, 'revision', 'at', 'ref', 'since', 'from', 'to'];

/**
 * The names in the repository that the words before the last name with `--repo`, else the usual one; of one organization or project where
 * the words name it. Only names of files are read, and of projects their file: pressing Tab must not wait for YAML.
 */
export function readNames(typed: readonly string[], around: Surroundings): Names {
  const words = typed.slice(0, -1);
  const range = /^.*\.\.\.?/.exec(typed.at(-1) ?? '')?.[0] ?? '';
  return async (kind) => {
    if (kind === 'code') return TOLD_CODES;
    try {
      const folder = repositoryFolder(givenFor(words, 'repo'), around);
      const [org, project] = [givenFor(words, 'org'), givenFor(words, 'project')];
      const found = await namesOf(kind, { folder, org, project });
      return kind === RANGE ? found.map((name) => range + name) : found;
    } catch (error) {
      if (error instanceof WrongUse || error instanceof Failure) return [];
      throw error;
    }
  };
}

function givenFor(words: readonly string[], option: string): string | undefined {
  const place = words.indexOf(`--${option}`);
  const next = words[place + 1] === '=' ? words[place + 2] : words[place + 1];
  const assigned = words.find((word) => word.startsWith(`--${option}=`))?.slice(option.length + 3);
  return place === -1 ? assigned : next;
}

async function namesOf(kind: string, looking: Looking): Promise<readonly string[]> {
  if (REVISIONS.includes(kind)) return revisionsOf(looking.folder);
  const places = placesIn(looking);
  const found = places.flatMap((place): readonly string[] => {
    if (kind === 'flag' && place.kind === 'flag') return [place.key];
    if (kind === 'org' && 'org' in place) return [place.org];
    if (kind === 'project' && 'project' in place) return [place.project];
    if (kind === 'environment' && place.kind === 'project') return environmentsOf(looking.folder, place);
    return [];
  });
  return [...new Set(found)].sort();
}

function placesIn({ folder, org, project }: Looking): readonly Place[] {
  return filesBelow(path.join(folder, FLAGS_FOLDER))
    .map((name) => placeOf(`${FLAGS_FOLDER}/${name.split(path.sep).join('/')}`))
    .flatMap((meaning) => (meaning.kind === 'file' ? [meaning.place] : []))
    .filter((place) => org === undefined || ('org' in place && place.org === org))
    .filter((place) => project === undefined || ('project' in place && place.project === project));
}

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    // A folder without flags has no names.
    return [];
  }
}

function environmentsOf(folder: string, place: Place): readonly string[] {
  const { value } = parseFile('project', readFileSync(path.join(folder, pathOf(place))));
  return value === undefined ? [] : environmentKeys(value);
}

async function revisionsOf(folder: string): Promise<readonly string[]> {
  const words = ['for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/tags', 'refs/remotes'];
  return ['HEAD', ...(await runGit({ folder, words })).split('\n').filter((name) => name !== '')];
}
