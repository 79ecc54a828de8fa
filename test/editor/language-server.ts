import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

/** Where in a text: both count from 0, as the protocol does. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** What is wrong with a file, as an editor underlines it. */
export interface Diagnostic {
  readonly range: { readonly start: Position; readonly end: Position };
  readonly message: string;
}

/** One of the words that an editor offers. */
export interface CompletionItem {
  readonly label: string;
  readonly documentation?: string | { readonly value: string };
  readonly insertText?: string;
  readonly textEdit?: { readonly newText: string };
}

/** The real language server of YAML, as an editor that opened this folder talks with it. */
export interface LanguageServer {
  /** Opens a file of the folder with this text, or gives it another, and fulfils with what is wrong with it. */
  show(file: string, text: string): Promise<readonly Diagnostic[]>;
  /** What is shown beside the pointer; empty where there is nothing. */
  hover(file: string, position: Position): Promise<string>;
  complete(file: string, position: Position): Promise<readonly CompletionItem[]>;
  close(): Promise<void>;
}

const PROGRAM = path.join(
  path.dirname(createRequire(import.meta.url).resolve('yaml-language-server/package.json')),
  'bin/yaml-language-server',
);

/** Starts it as VS Code does for a folder: with the settings in its `.vscode/settings.json`, where it has one. */
export async function openLanguageServer(
  folder: string,
  settings = readSettings(folder),
): Promise<LanguageServer> {
  const connection = new Connection(settings);
  const rootUri = pathToFileURL(folder).href;
  await connection.request('initialize', {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: path.basename(folder) }],
    capabilities: CAPABILITIES,
  });
  connection.notify('initialized', {});
  const opened = new Map<string, number>();
  const documentAt = (file: string) => ({ uri: pathToFileURL(path.join(folder, file)).href });
  return {
    show: (file, text) => {
      const { uri } = documentAt(file);
      const version = (opened.get(file) ?? 0) + 1;
      opened.set(file, version);
      const diagnostics = connection.diagnosticsOf(uri);
      const contents = { uri, languageId: 'yaml', version, text };
      if (version === 1) connection.notify('textDocument/didOpen', { textDocument: contents });
      else {
        const textDocument = { uri, version };
        connection.notify('textDocument/didChange', { textDocument, contentChanges: [{ text }] });
      }
      return diagnostics;
    },
    hover: async (file, position) => {
      const asked = { textDocument: documentAt(file), position };
      const answer = (await connection.request('textDocument/hover', asked)) as Hover | null;
      return answer?.contents.value ?? '';
    },
    complete: async (file, position) => {
      const asked = { textDocument: documentAt(file), position };
      return ((await connection.request('textDocument/completion', asked)) as Completion | null)?.items ?? [];
    },
    close: () => connection.close(),
  };
}

interface Hover {
  readonly contents: { readonly value: string };
}

interface Completion {
  readonly items: readonly CompletionItem[];
}

/** What VS Code says that it can. */
const CAPABILITIES = {
  workspace: { configuration: true, workspaceFolders: true },
  textDocument: {
    hover: { contentFormat: ['markdown'] },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
    publishDiagnostics: {},
  },
};

/** `{ "yaml.schemas": … }` as the server asks for it: `{ yaml: { schemas: … } }`. Nothing is asked of the network. */
function readSettings(folder: string): object {
  const text = readFileSync(path.join(folder, '.vscode/settings.json'), 'utf8');
  const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
  const own = entries.flatMap(([name, value]) =>
    name.startsWith('yaml.') ? [[name.slice('yaml.'.length), value] as const] : [],
  );
  return Object.fromEntries(own);
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/** What is published about a file while nobody waits for it is not looked at. */
class Connection {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #settings: object;
  readonly #ended: Promise<void>;
  readonly #answers = new Map<number, Waiting>();
  readonly #published = new Map<string, Waiting>();
  #received = Buffer.alloc(0);
  #lastId = 0;

  constructor(settings: object) {
    this.#settings = settings;
    this.#child = spawn(process.execPath, [PROGRAM, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout.on('data', (bytes: Buffer) => this.#receive(bytes));
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', (code) => {
        const reason = new Error(`the language server ended with ${code}`);
        for (const { reject } of [...this.#answers.values(), ...this.#published.values()]) reject(reason);
        resolve();
      });
    });
  }

  request(method: string, params: unknown): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
  }

  notify(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  /** The next ones that are published about this file. */
  diagnosticsOf(uri: string): Promise<readonly Diagnostic[]> {
    return new Promise((resolve, reject) => {
      this.#published.set(uri, { resolve: (value) => resolve(value as readonly Diagnostic[]), reject });
    });
  }

  async close(): Promise<void> {
    await this.request('shutdown', undefined);
    this.notify('exit', undefined);
    await this.#ended;
  }

  #send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const head = this.#received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.toString('utf8', 0, head))?.[1]);
      const end = head + 4 + length;
      if (this.#received.length < end) return;
      const body = this.#received.toString('utf8', head + 4, end);
      this.#received = this.#received.subarray(end);
      this.#take(JSON.parse(body) as Message);
    }
  }

  #take({ id, method, params, result, error }: Message): void {
    if (method === 'textDocument/publishDiagnostics') this.#publish(params);
    else if (method !== undefined && id !== undefined)
      this.#send({ id, result: this.#answer(method, params) });
    else if (id !== undefined) {
      const waiting = this.#answers.get(id);
      this.#answers.delete(id);
      if (error !== undefined) waiting?.reject(new Error(error.message));
      else waiting?.resolve(result);
    }
  }

  #publish(params: unknown): void {
    const { uri, diagnostics } = params as { readonly uri: string; readonly diagnostics: unknown };
    this.#published.get(uri)?.resolve(diagnostics);
    this.#published.delete(uri);
  }

  /** What the server asks of the editor: its settings, and leave to do things that need none here. */
  #answer(method: string, params: unknown): unknown {
    if (method !== 'workspace/configuration') return null;
    const { items } = params as { readonly items: readonly { readonly section?: string }[] };
    return items.map(({ section }) => (section === 'yaml' ? this.#yamlSettings() : {}));
  }

  #yamlSettings(): object {
    return { ...EXTENSION_DEFAULTS, ...this.#settings };
  }
}

/** What the YAML extension of VS Code says where nobody sets anything, but for the store of schemas in the network. */
const EXTENSION_DEFAULTS = {
  validate: true,
  hover: true,
  completion: true,
  schemaStore: { enable: false },
};
