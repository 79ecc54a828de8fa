import { type Operation, placeOf } from '../../src/http/permissions.js';
import { describedOperation } from '../support/described-operation.js';
import type { Files } from '../support/git.js';
import { type Answered, type Ask, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { MATRIX_FILES } from './matrix-files.js';
import { orgOf } from './matrix-org.js';
import { SAMPLES, type SampleOrg } from './matrix-requests.js';

/** Every operation of the table has a sample, so a new one is in every corpus by itself. */
export const OPERATIONS = Object.keys(SAMPLES) as readonly Operation[];

/** One good request for an operation. */
export interface GoodRequest {
  readonly operation: Operation;
  readonly method: string;
  /** Without a query. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /** Undefined where the operation takes none, or needs none. */
  readonly body: unknown;
}

/** A server of the matrix's organizations, with who may do everything there. */
export interface CorpusServer extends TestServer {
  readonly org: SampleOrg;
  readonly token: string;
  /** Asks in the name of a super admin. A write that comes through would be refused: it wants a blob that no file has. */
  asAdmin(path: string, ask?: Ask): Promise<Answered>;
  /** Throws where the repository is not as it was. */
  isUntouched(): Promise<boolean>;
}

/** The number of no blob. */
export const NO_BLOB = { 'If-Match': `"${'0'.repeat(40)}"` };

/** Starts a server on the files of the matrix and these. */
export async function serveCorpus(files: Files = {}): Promise<CorpusServer> {
  const server = await serveFiles({ ...MATRIX_FILES, ...files }, { writeLimit: 1_000_000 });
  const head = await server.repository.head();
  const token = await tokenOf({ email: 'root@example.com', superAdmin: true });
  return {
    ...server,
    org: orgOf('acme', head),
    token,
    asAdmin: (path, ask = {}) => server.ask(path, { token, ...ask, headers: { ...NO_BLOB, ...ask.headers } }),
    isUntouched: async () => {
      const changes = await server.repository.git('status', '--porcelain', '--ignored');
      return changes === '' && (await server.repository.head()) === head;
    },
  };
}

/** The request of the matrix for an operation. */
export function goodRequest(operation: Operation, org: SampleOrg): GoodRequest {
  const sample = SAMPLES[operation];
  const [path = '', query] = sample.path(org).split('?');
  const { method } = placeOf(operation);
  return { operation, method, path, query: query === undefined ? '' : `?${query}`, body: sample.body?.(org) };
}

/** The names of the parameters in an operation's path. */
export function pathParametersOf(operation: Operation): readonly string[] {
  return [...placeOf(operation).path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
}

/** The path of a request with another text, as it is sent, for one of its parameters. */
export function withParameter({ operation, path }: GoodRequest, name: string, text: string): string {
  const template = placeOf(operation).path.split('/');
  const parts = path.split('/').map((part, index) => (template[index] === `:${name}` ? text : part));
  return parts.join('/');
}

/** The names of the parameters that the description knows in an operation's query. */
export function queryParametersOf(operation: Operation): readonly string[] {
  const { parameters } = describedOperation(operation);
  return parameters.filter((one) => one.in === 'query').map((one) => one.name);
}

/** Whether the description says that an operation reads a body. */
export function takesBody(operation: Operation): boolean {
  return describedOperation(operation).body !== undefined;
}

/** The body that the description shows for an operation; undefined where it takes none. */
export function exampleBody(operation: Operation): unknown {
  return describedOperation(operation).body?.example;
}
