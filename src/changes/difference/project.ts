import { derivedId } from '../../model/ids.js';
import {
  type AttributeDeclarations,
  type AttributeType,
  defaultEnvironment,
  type Environment,
  type EnvironmentEntry,
  type ProjectFile,
} from '../../model/project.js';
import { asSet } from './clause-meaning.js';
import { diffField, diffMoment, named, unquoted } from './field.js';
import { movedNames, type NamedItem, type Pairing, pairByName } from './pairing.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import { diffRecordings } from './recording.js';
import { isSame } from './same.js';
import { diffWebhooks } from './webhooks.js';
import { arrow, changeOf, cut, textOf, wordOf } from './words.js';

/** The differences of a project's file. */
export function diffProject(
  { before, after }: Versions<ProjectFile>,
  { org, project }: { readonly org: string; readonly project: string },
): readonly PartDifference[] {
  const idOf = ({ id }: ProjectFile): string => id ?? derivedId('prj', org, project);
  const environment = { before: defaultEnvironment(before), after: defaultEnvironment(after) };
  return [
    ...(before.id === after.id
      ? []
      : diffField({ name: 'id', before: idOf(before), after: idOf(after) }, named('id'))),
    ...diffField(
      { name: 'name', before: before.name ?? project, after: after.name ?? project },
      named('name'),
    ),
    ...diffField(
      { name: 'description', before: before.description, after: after.description },
      unquoted('description'),
    ),
    ...diffEnvironments({ before: before.environments, after: after.environments }),
    ...diffField({ name: 'defaultEnvironment', ...environment }, named('default environment')),
    ...diffAttributes({ before: before.attributes, after: after.attributes }),
    ...diffWebhooks({ before: before.webhooks, after: after.webhooks }),
    ...diffRecordings({ before: before.recording, after: after.recording }),
    ...diffMoment({ name: 'createdAt', before: before.createdAt, after: after.createdAt }, 'creation time'),
  ];
}

/** Their order is that of promotion, so it counts. */
function diffEnvironments({ before, after }: Versions<readonly Environment[]>): readonly PartDifference[] {
  if (isSame(before, after)) return [];
  const lists = { before: before.map(namedEnvironment), after: after.map(namedEnvironment) };
  const keys = { before: lists.before.map(keyOf), after: lists.after.map(keyOf) };
  const moved = movedNames(keys);
  return pairByName(lists).flatMap((pair) => [
    ...(moved.has(pair.name) ? [tellEnvironment(pair, moveText(pair.name, keys.after), 'moved')] : []),
    ...environmentChange(pair).map((sentence) => tellEnvironment(pair, sentence)),
  ]);
}

function tellEnvironment(
  { name, before, after }: Pairing<EnvironmentEntry>,
  sentence: string,
  action?: 'moved',
): PartDifference {
  const part = { kind: 'entry', list: 'environments', name } as const;
  const at = ['environments', (after ?? before)?.place ?? 0];
  const versions = { before: before?.item, after: after?.item };
  return tell({
    part,
    at,
    ...versions,
    sentence: `environment ${name} ${sentence}`,
    ...(action && { action }),
  });
}

function moveText(key: string, keys: readonly string[]): string {
  const next = keys[keys.indexOf(key) + 1];
  return next === undefined ? 'moved to the end' : `moved before ${next}`;
}

function environmentChange({ before, after }: Pairing<EnvironmentEntry>): readonly string[] {
  if (after === undefined) return ['removed'];
  if (before === undefined) return ['added'];
  const [old, now] = [before.item, after.item];
  const names = { before: old.name ?? old.key, after: now.name ?? now.key };
  return [
    ...(names.before === names.after ? [] : [`name ${changeOf(names.before, names.after)}`]),
    ...(old.id === now.id ? [] : [`id ${changeOf(old.id, now.id)}`]),
  ];
}

/** Without declarations no attribute is judged; with none declared, each is reported. */
function diffAttributes({
  before,
  after,
}: Versions<AttributeDeclarations | undefined>): readonly PartDifference[] {
  if (isSame(before, after)) return [];
  const pairs = pairByName({ before: attributesOf(before), after: attributesOf(after) });
  const differences = pairs.flatMap(attributeChange);
  if (differences.length > 0 || (before === undefined) === (after === undefined)) return differences;
  const sentence =
    after === undefined ? 'attributes are no longer declared' : 'attributes are declared: none';
  return diffField({ name: 'attributes', before, after }, () => sentence);
}

function attributeChange({ name, before, after }: Pairing<AttributeType>): readonly PartDifference[] {
  if (isSame(typeMeaning(before?.item), typeMeaning(after?.item))) return [];
  const part = { kind: 'entry', list: 'attributes', name } as const;
  const versions = { before: before?.item, after: after?.item };
  const sentence = `attribute ${wordOf(name)}${attributeText(versions)}`;
  return [tell({ part, at: ['attributes', name], ...versions, sentence })];
}

function attributeText({ before, after }: Versions<AttributeType | undefined>): string {
  if (after === undefined) return ' no longer declared';
  if (before === undefined) return ` declared: ${cut(typeText(after), TYPE_LIMIT)}`;
  return `: ${arrow(typeText(before), typeText(after))}`;
}

/** How long the values of an attribute may be in a sentence, in UTF-16 units. */
const TYPE_LIMIT = 60;

function typeText(type: AttributeType): string {
  return typeof type === 'string' ? type : `one of ${type.map(textOf).join(', ')}`;
}

function typeMeaning(type: AttributeType | undefined) {
  return type === undefined || typeof type === 'string' ? type : asSet(type);
}

function attributesOf(declared: AttributeDeclarations | undefined): readonly NamedItem<AttributeType>[] {
  return Object.entries(declared ?? {}).map(([name, item], place) => ({ name, item, place }));
}

function namedEnvironment(environment: Environment, place: number): NamedItem<EnvironmentEntry> {
  const item = typeof environment === 'string' ? { key: environment } : environment;
  return { name: item.key, item, place };
}

function keyOf({ name }: NamedItem<EnvironmentEntry>): string {
  return name;
}
