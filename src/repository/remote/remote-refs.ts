import git, { type HttpClient, type ServerRef } from 'isomorphic-git';
import { httpClient } from './http-client.js';
import { unreachable } from './remote-failure.js';
import type { RemoteAddress } from './transport.js';

/** What is asked of the remote. */
export interface RefsQuestion {
  readonly address: RemoteAddress;
  readonly signal: AbortSignal;
  /** Only refs that begin so, as far as the remote can leave out others. */
  readonly prefix: string;
  /** As it says before a push. */
  readonly isForPush?: boolean;
}

/** The refs of the remote. Throws as `Transport` does. */
export async function refsOf({
  address,
  signal,
  prefix,
  isForPush,
}: RefsQuestion): Promise<readonly ServerRef[]> {
  const http = whole(httpClient(address, signal), address);
  const { url } = address;
  if (isForPush === true) return git.listServerRefs({ http, url, forPush: true, protocolVersion: 1 });
  return git.listServerRefs({ http, url, prefix, symrefs: true });
}

/** Isomorphic-git takes a list that breaks off for one that ends there, so it gets only those that are all there. */
function whole(http: HttpClient, address: RemoteAddress): HttpClient {
  return {
    request: async (asked) => {
      const answer = await http.request(asked);
      const chunks: Uint8Array[] = [];
      for await (const chunk of answer.body ?? []) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      if (!bytes.subarray(-4).equals(Buffer.from('0000')))
        throw unreachable(address, 'its list of refs ends in the middle');
      return { ...answer, body: once(bytes) };
    },
  };
}

async function* once(bytes: Buffer): AsyncIterableIterator<Uint8Array> {
  yield bytes;
}
