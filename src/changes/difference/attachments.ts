import { type Attachment, attachmentEntry } from '../../model/flag.js';
import { movedNames, type NamedItem, type Pairing, pairByName } from './pairing.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import { isSame } from './same.js';
import { serveText } from './serve.js';
import { textOf } from './words.js';

/**
 * The differences of the segments that are attached in one environment. Their order counts: the first that has the
 * caller decides. So one that is attached a second time means nothing.
 */
export function diffAttachments(
  { before, after }: Versions<readonly Attachment[]>,
  environment: string,
): readonly PartDifference[] {
  if (isSame(before, after)) return [];
  const lists = { before: firstOfEach(before), after: firstOfEach(after) };
  const names = { before: lists.before.map(nameOf), after: lists.after.map(nameOf) };
  const moved = movedNames(names);
  return pairByName(lists).flatMap((pair) => {
    const place = moved.has(pair.name)
      ? [tellAttachment(pair, environment, moveText(pair.name, names.after))]
      : [];
    const change = changeText(pair);
    return change === undefined ? place : [...place, tellAttachment(pair, environment, change)];
  });
}

/** `segment beta-testers attached`, with what its members get where that is not `on`. */
export function attachmentText(attachment: Attachment): string {
  const { segment, serve } = attachmentEntry(attachment);
  const gets = serve === 'on' ? '' : `, its members get ${serveText(serve)}`;
  return `segment ${textOf(segment)} attached${gets}`;
}

interface AttachmentChange {
  readonly sentence: string;
  readonly action?: 'moved';
}

function tellAttachment(
  { name, before, after }: Pairing<Attachment>,
  environment: string,
  change: AttachmentChange,
): PartDifference {
  const at = ['environments', environment, 'segments', (after ?? before)?.place ?? 0];
  const part = { kind: 'attachment', segment: name } as const;
  return tell({ part, at, environment, before: before?.item, after: after?.item, ...change });
}

function changeText({ name, before, after }: Pairing<Attachment>): AttachmentChange | undefined {
  const segment = `segment ${textOf(name)}`;
  if (after === undefined) return { sentence: `${segment} detached` };
  if (before === undefined) return { sentence: attachmentText(after.item) };
  const [was, now] = [attachmentEntry(before.item).serve, attachmentEntry(after.item).serve];
  if (was === now) return undefined;
  return { sentence: `members of ${segment} get ${serveText(now)} (was ${serveText(was)})` };
}

function moveText(name: string, names: readonly string[]): AttachmentChange {
  const next = names[names.indexOf(name) + 1];
  const where = next === undefined ? 'to the end' : `before ${textOf(next)}`;
  return { sentence: `segment ${textOf(name)} moved ${where}`, action: 'moved' };
}

function firstOfEach(attachments: readonly Attachment[]): readonly NamedItem<Attachment>[] {
  const seen = new Set<string>();
  return attachments.flatMap((item, place) => {
    const name = attachmentEntry(item).segment;
    if (seen.has(name)) return [];
    seen.add(name);
    return [{ name, item, place }];
  });
}

function nameOf({ name }: NamedItem<Attachment>): string {
  return name;
}
