import { join } from 'node:path';
import { listObjectFiles, type ObjectFiles } from '../../repository/object-files.js';
import { PackFolder } from '../../repository/pack-folder.js';
import { count } from '../format.js';
import { ageText, sizeText } from './amounts.js';
import type { Finding, Patient } from './finding.js';

/** Git itself packs anew from here on (gc.autoPackLimit, gc.auto), where anybody runs a command that does. */
const MANY_PACKS = 50;
const MANY_LOOSE = 6_700;
/** A fetch takes minutes at most; what is unfinished for longer, nobody finishes. */
const UNFINISHED_MS = 3_600_000;

/** How the objects lie: each pack is one more place to look in, and so is each loose file. */
export function examinePacks({ repository, now }: Patient): readonly Finding[] {
  const files = listObjectFiles(repository.commonDir);
  return [...examineIndexes(repository.commonDir), examineCounts(files), ...examineUnfinished(files, now)];
}

function examineIndexes(commonDir: string): readonly Finding[] {
  const packs = new PackFolder(join(commonDir, 'objects'));
  packs.idsWith('00');
  const { refusal } = packs;
  packs.forget();
  if (refusal === undefined) return [];
  return [{ level: 'error', about: 'packs', message: refusal.message, remedy: 'git repack -a -d' }];
}

function examineCounts({ packs, loose }: ObjectFiles): Finding {
  const bytes = packs.reduce((sum, pack) => sum + pack.bytes, 0);
  const message = `${count(packs.length, 'pack')} of ${sizeText(bytes)}, ${count(loose, 'loose object')}`;
  if (packs.length < MANY_PACKS && loose < MANY_LOOSE) return { level: 'ok', about: 'packs', message };
  return {
    level: 'warning',
    about: 'packs',
    message: `${message}: each is one more place to look in, so reads become slow`,
    remedy: 'git gc   # safe while a server runs',
  };
}

function examineUnfinished({ broken }: ObjectFiles, now: number): readonly Finding[] {
  const old = broken.filter(({ since }) => now - since > UNFINISHED_MS);
  const [first] = old;
  if (first === undefined) return [];
  const bytes = sizeText(old.reduce((sum, file) => sum + file.bytes, 0));
  const message = `${count(old.length, 'pack')} of ${bytes} that nobody finished, the first ${ageText(now - first.since)} old`;
  return [{ level: 'note', about: 'packs', message, remedy: 'git gc   # removes them after two weeks' }];
}
