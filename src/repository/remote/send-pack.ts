import type { HttpClient } from 'isomorphic-git';
import { BrokenPackets, FLUSH, packet, packetsIn, packetsOf } from './pkt-line.js';
import { judgeRefusal } from './push-verdict.js';
import { partsOf } from './side-band.js';
import type { Pushed, RemoteAddress } from './transport.js';

/** One ref that is to move from here to there, and what the remote lacks for that. */
export interface PackPush {
  readonly http: HttpClient;
  readonly address: RemoteAddress;
  readonly ref: string;
  /** Undefined where the ref is to be made. */
  readonly from: string | undefined;
  readonly to: string;
  readonly pack: Buffer;
}

const NOTHING = '0'.repeat(40);

/** Sends it (gitprotocol-pack, over http). The remote moves the ref only from where it was said to be. */
export async function sendPack({ http, address, ref, from, to, pack }: PackPush): Promise<Pushed> {
  const command = `${from ?? NOTHING} ${to} ${ref}\0report-status side-band-64k agent=flagstaff`;
  const answer = await http.request({
    url: `${address.url}/git-receive-pack`,
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-git-receive-pack-request',
      Accept: 'application/x-git-receive-pack-result',
    },
    body: once(Buffer.concat([packet(command), FLUSH, pack])),
  });
  return judge(await reportOf(answer.body ?? once(Buffer.alloc(0))), { address, ref });
}

interface Report {
  readonly lines: readonly string[];
  readonly words: string;
}

/** The report is itself made of packets, within the data; a remote without side bands gives it as lines. */
async function reportOf(body: AsyncIterable<Uint8Array>): Promise<Report> {
  const lines: string[] = [];
  const data: Buffer[] = [];
  let words = '';
  for await (const part of partsOf(packetsOf(body))) {
    if (part.kind === 'line') lines.push(part.text);
    else if (part.kind === 'data') data.push(part.bytes);
    else words += part.text;
  }
  for (const one of await packetsIn(Buffer.concat(data))) {
    if (one !== 'flush') lines.push(one.toString('utf8').trimEnd());
  }
  return { lines, words };
}

/** `unpack ok`, then of each ref `ok <ref>` or `ng <ref> <reason>`. Without those nobody knows what became of it. */
function judge(
  { lines, words }: Report,
  { address, ref }: { readonly address: RemoteAddress; readonly ref: string },
): Pushed {
  if (lines.includes(`ok ${ref}`)) return { kind: 'pushed' };
  const refusal = lines.find((line) => line.startsWith(`ng ${ref} `));
  const unpack = lines.find((line) => line.startsWith('unpack ') && line !== 'unpack ok');
  const reason = refusal?.slice(`ng ${ref} `.length) ?? unpack;
  if (reason === undefined) throw new BrokenPackets('it does not say what became of the push');
  return judgeRefusal({ reason, words }, address);
}

async function* once(bytes: Buffer): AsyncIterableIterator<Uint8Array> {
  yield bytes;
}
