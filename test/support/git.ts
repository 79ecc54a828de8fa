import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/** Path to text, or null for a file that is to go. */
export type Files = Readonly<Record<string, string | Buffer | null>>;

/** A real repository in a temporary folder, driven by the git program. */
export interface TestRepository {
  readonly dir: string;
  /** Runs git there and gives its output without the last line end. Throws where git fails. */
  git(...parameters: readonly string[]): Promise<string>;
  /** The same with more environment, such as GIT_COMMITTER_DATE. */
  gitWith(environment: NodeJS.ProcessEnv, ...parameters: readonly string[]): Promise<string>;
  /** Writes files of the work tree, and removes those that are null. */
  write(files: Files): void;
  /** Writes, stages everything and commits; gives the commit's id. */
  commit(files: Files, message?: string, environment?: NodeJS.ProcessEnv): Promise<string>;
  head(): Promise<string>;
}

const folders: string[] = [];
process.on('exit', removeFolders);

/** A temporary folder that goes when the process ends. */
export function temporaryFolder(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'flagstaff-test-')));
  folders.push(dir);
  return dir;
}

/** Makes a repository on branch `main`, with one commit of the files; of none, with no commit. */
export async function createRepository(
  files: Files = {},
  parameters: readonly string[] = [],
): Promise<TestRepository> {
  const dir = temporaryFolder();
  const repository = repositoryAt(dir);
  await repository.git('init', '--quiet', '--initial-branch=main', ...parameters);
  if (Object.keys(files).length > 0) await repository.commit(files, 'start');
  return repository;
}

/** The same for a folder that is a repository already, such as a clone or a linked work tree. */
export function repositoryAt(dir: string): TestRepository {
  const gitWith = (environment: NodeJS.ProcessEnv, ...parameters: readonly string[]) =>
    runGit(dir, parameters, environment);
  const git = (...parameters: readonly string[]) => runGit(dir, parameters);
  return {
    dir,
    git,
    gitWith,
    write: (files) => writeFiles(dir, files),
    commit: async (files, message = 'change', environment = {}) => {
      writeFiles(dir, files);
      await git('add', '--all');
      await gitWith(environment, 'commit', '--quiet', '--allow-empty', '--message', message);
      return headOf(dir);
    },
    head: () => headOf(dir),
  };
}

/** The environment in which tests run git: no settings of the machine, no signing, one person, no prompts. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: isolatedHome(),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    // Sample hooks are a dozen files to write and to remove for each repository.
    GIT_TEMPLATE_DIR: '',
    GIT_AUTHOR_NAME: 'Marc',
    GIT_AUTHOR_EMAIL: 'marc@example.com',
    GIT_COMMITTER_NAME: 'Marc',
    GIT_COMMITTER_EMAIL: 'marc@example.com',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  };
}

async function runGit(
  dir: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  const settings = ['-c', 'commit.gpgSign=false', '-c', 'gc.auto=0', '-c', 'advice.detachedHead=false'];
  const { stdout } = await execFileAsync('git', [...settings, ...parameters], {
    cwd: dir,
    env: { ...gitEnvironment(), ...environment },
    maxBuffer: 1 << 28,
  });
  return stdout.replace(/\n$/, '');
}

/** A third of all git processes would be for this. What lies loose goes before what is packed. */
async function headOf(dir: string): Promise<string> {
  const head = textOf(join(dir, '.git/HEAD'));
  const id = head?.startsWith('ref: ') ? textOf(join(dir, '.git', head.slice('ref: '.length))) : head;
  return id !== undefined && /^[0-9a-f]{40,64}$/.test(id) ? id : runGit(dir, ['rev-parse', 'HEAD']);
}

/** Undefined where it cannot be read: a bare repository, a linked work tree, a packed reference. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch {
    return undefined;
  }
}

function writeFiles(dir: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const full = join(dir, path);
    if (text === null) {
      rmSync(full, { recursive: true, force: true });
    } else {
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text);
    }
  }
}

let home: string | undefined;

function isolatedHome(): string {
  home ??= temporaryFolder();
  return home;
}

function removeFolders(): void {
  for (const dir of folders) {
    try {
      rmSync(dir, { recursive: true, force: true });
    } catch {
      // A test may have taken the permission to write away; the folder is ours, so the shell may force it.
      spawnSync('chmod', ['-R', 'u+rwX', dir]);
      rmSync(dir, { recursive: true, force: true });
    }
  }
}
