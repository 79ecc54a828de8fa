import type { OrgSnapshot } from '../../model/snapshot.js';
import { judgeExpiry, judgeUntil } from '../overdue.js';
import type { Finding } from '../parsed.js';
import { pathOf } from '../paths.js';
import { toFindings } from '../settle.js';

/** The flags and overrides of an organization whose last day is past at a moment, which may be later than its load. */
export function judgeOverdue(org: OrgSnapshot, now: number): readonly Finding[] {
  return [...org.projects.values()].flatMap((project) =>
    [...project.flags.values()].flatMap(({ key, path, file, overrides }) => {
      const place = { kind: 'overrides', org: org.key, project: project.key, key } as const;
      const [expired, ended] = [judgeExpiry(file, now), judgeUntil(overrides, now)];
      return [...toFindings(path, expired), ...(ended.length === 0 ? [] : toFindings(pathOf(place), ended))];
    }),
  );
}
