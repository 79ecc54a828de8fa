import { attachmentEntry, requirementEntry } from '../../model/flag.js';
import { unreachable } from '../../model/unreachable.js';
import { clausesIn, clausesOf } from './attributes.js';
import type { Imported, ImportedFile } from './imported.js';

type Carried = Pick<Imported, 'files' | 'notCarried'>;

/** Without the flags that ask for a flag or a segment that is not among the files, and those that ask for them. */
export function withoutLost({ files, notCarried }: Carried): Carried {
  const names = new Set(files.map(nameOf));
  const lost = files.filter((file) => askedBy(file).some((name) => !names.has(name)));
  if (lost.length === 0) return { files, notCarried: withoutOthers(files, notCarried) };
  const gone = new Set(lost.map(({ key }) => key));
  return withoutLost({
    files: files.filter((file) => !lost.includes(file) && !(file.kind === 'overrides' && gone.has(file.key))),
    notCarried: [...notCarried, ...lost.map((file) => lostNote(file, names))],
  });
}

/** Of a flag that is left out only that counts. */
function withoutOthers(files: Carried['files'], notes: Carried['notCarried']): Carried['notCarried'] {
  const carried = new Set(files.flatMap(({ kind, key }) => (kind === 'flag' ? [key] : [])));
  return notes.filter(({ flag, effect }) => flag === undefined || effect === 'left out' || carried.has(flag));
}

function lostNote(file: ImportedFile, names: ReadonlySet<string>): Imported['notCarried'][number] {
  const [missing = ''] = askedBy(file).filter((name) => !names.has(name));
  const reason = `it asks for ${missing}, which is left out or not there`;
  const [construct = ''] = missing.split(' ');
  if (file.kind === 'flag') return { flag: file.key, construct, effect: 'left out', reason };
  return { flag: undefined, construct, effect: 'left out', reason: `segment ${file.key}: ${reason}` };
}

/** `flag dark-mode`, `segment beta`. */
function nameOf({ kind, key }: ImportedFile): string {
  return `${kind} ${key}`;
}

function askedBy(file: ImportedFile): readonly string[] {
  const asked = clausesOf(file).flatMap((clause) =>
    [...clausesIn(clause)].flatMap((one) => {
      if ('segment' in one) return [`segment ${one.segment}`];
      return 'flag' in one ? [`flag ${one.flag}`] : [];
    }),
  );
  switch (file.kind) {
    case 'flag':
      return [...asked, ...statesAsk(file.value.environments)];
    case 'segment':
      return asked;
    case 'overrides':
      return [`flag ${file.key}`];
    default:
      return unreachable(file);
  }
}

function statesAsk(environments: Extract<ImportedFile, { kind: 'flag' }>['value']['environments']): string[] {
  return Object.values(environments).flatMap(({ segments = [], requires = [] }) => [
    ...segments.map((one) => `segment ${attachmentEntry(one).segment}`),
    ...requires.map((one) => `flag ${requirementEntry(one).flag}`),
  ]);
}
