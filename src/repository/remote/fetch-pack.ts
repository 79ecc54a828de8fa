import type { HttpClient } from 'isomorphic-git';
import type { TransportRepository } from './open-transport.js';
import { takePackIn } from './pack-intake.js';
import { FLUSH, packet, packetsOf } from './pkt-line.js';
import { readShallow } from './shallow.js';
import { type Part, partsOf } from './side-band.js';

/** What is asked of the remote at once. */
export interface PackQuestion {
  readonly http: HttpClient;
  readonly url: string;
  readonly wants: ReadonlySet<string>;
  readonly haves: ReadonlySet<string>;
  readonly depth: number | undefined;
}

/** What came. Nothing points to it yet. */
export interface FetchedPack {
  readonly fresh: ReadonlySet<string>;
  /** Where history ends, once the refs move. */
  readonly shallow: ReadonlySet<string>;
  readonly isShallowNew: boolean;
}

const ABILITIES = 'side-band-64k ofs-delta no-progress agent=flagstaff';

/** Asks for commits and all that is missing of them (gitprotocol-pack, over http: one question, one answer). */
export async function askForPack(
  repository: TransportRepository,
  question: PackQuestion,
): Promise<FetchedPack> {
  const before = readShallow(repository.commonDir);
  const answer = await question.http.request({
    url: `${question.url}/git-upload-pack`,
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-git-upload-pack-request',
      Accept: 'application/x-git-upload-pack-result',
    },
    body: once(questionBytes(question, before)),
  });
  const shallow = new Set(before);
  const parts = partsOf(packetsOf(answer.body ?? once(Buffer.alloc(0))));
  const fresh = await takePackIn(repository, packOf(parts, shallow));
  const isShallowNew = shallow.size !== before.size || [...shallow].some((oid) => !before.has(oid));
  return { fresh, shallow, isShallowNew };
}

function questionBytes({ wants, haves, depth }: PackQuestion, shallow: ReadonlySet<string>): Buffer {
  const [first = '', ...others] = wants;
  const abilities = depth === undefined && shallow.size === 0 ? ABILITIES : `${ABILITIES} shallow`;
  return Buffer.concat([
    packet(`want ${first} ${abilities}\n`),
    ...others.map((oid) => packet(`want ${oid}\n`)),
    ...[...shallow].map((oid) => packet(`shallow ${oid}\n`)),
    ...(depth === undefined ? [] : [packet(`deepen ${depth}\n`)]),
    FLUSH,
    ...[...haves].map((oid) => packet(`have ${oid}\n`)),
    packet('done\n'),
  ]);
}

/** The bytes of the pack; what the lines before it say of the ends of history is noted. */
async function* packOf(parts: AsyncIterable<Part>, shallow: Set<string>): AsyncGenerator<Buffer> {
  for await (const part of parts) {
    if (part.kind === 'data') yield part.bytes;
    else if (part.kind === 'line') noteShallow(part.text, shallow);
  }
}

function noteShallow(line: string, shallow: Set<string>): void {
  const [word, oid = ''] = line.split(' ');
  if (word === 'shallow') shallow.add(oid);
  else if (word === 'unshallow') shallow.delete(oid);
}

async function* once(bytes: Buffer): AsyncIterableIterator<Uint8Array> {
  yield bytes;
}
