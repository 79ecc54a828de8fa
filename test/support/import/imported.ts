import type { Imported } from '../../../src/files/import/imported.js';
import type { FlagFile } from '../../../src/model/flag.js';

/** The file of a flag, where the import made one. */
export function flagOf({ files }: Imported, key: string): FlagFile | undefined {
  const file = files.find((one) => one.kind === 'flag' && one.key === key);
  return file?.kind === 'flag' ? file.value : undefined;
}

/** What is noted beside what is taken for granted of every caller. */
export function notes({ notCarried }: Imported): readonly string[] {
  return notCarried
    .filter(({ effect }) => effect !== 'assumed')
    .map(({ flag = 'all', effect, construct }) => `${flag}: ${effect}: ${construct}`);
}
