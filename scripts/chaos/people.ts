import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Files, TestRepository } from '../../test/support/git.js';
import { pick } from '../random.js';
import type { Record } from './record.js';
import type { Part } from './requests.js';
import { pairFiles, pathOf, WRITTEN } from './setting.js';

const LOCKED = /\.lock|cannot lock|could not lock|Unable to create|unable to write/i;
const AGAIN_MS = 25;
const PATIENCE_MS = 20_000;

/** Somebody who works in the clone with the git program, one thing after the other. */
export async function workWithGit(clone: TestRepository, part: Part): Promise<void> {
  const person = new Person(clone, part);
  while (!part.isOver()) {
    await pick(part.random, person.habits)();
    await person.pause();
  }
}

/** What keeps a clone small, run beside everything else. */
export async function tidyUp(clone: TestRepository, part: Part): Promise<void> {
  const chores = [
    ['gc', '--quiet'],
    ['repack', '-a', '-d', '--quiet'],
    ['pack-refs', '--all', '--prune'],
  ];
  while (!part.isOver()) {
    await patiently(part.record, () => clone.git(...pick(part.random, chores)));
    await wait(200 + 600 * part.random());
  }
}

class Person {
  /** While another branch is checked out nothing is written, so that is rarer than the others. */
  readonly habits: readonly (() => Promise<void>)[];
  readonly #clone: TestRepository;
  readonly #part: Part;
  #number = 0;

  constructor(clone: TestRepository, part: Part) {
    this.#clone = clone;
    this.#part = part;
    const onMain = [
      () => this.#commitAll(),
      () => this.#commitOnly(),
      () => this.#stageAndUnstage(),
      () => this.#editAndDiscard(),
    ];
    this.habits = [
      ...onMain,
      ...onMain,
      ...onMain,
      () => this.#branchAndMerge(),
      () => this.#branchAndRebase(),
    ];
  }

  pause(): Promise<void> {
    return wait(10 + 60 * this.#part.random());
  }

  async #commitAll(): Promise<void> {
    this.#save({ 'notes.txt': `${this.#next()}\n` });
    await this.#commit('--all');
  }

  async #commitOnly(): Promise<void> {
    const files = pairFiles(this.#next());
    this.#save(files);
    await this.#commit('--only', ...Object.keys(files));
  }

  async #stageAndUnstage(): Promise<void> {
    const text = `${this.#next()}\n`;
    this.#save({ 'other.txt': text });
    await this.#git('add', 'other.txt');
    await this.pause();
    await this.#git('reset', '--quiet', '--', 'other.txt');
    this.#stillIs('other.txt', text);
    await this.#git('checkout', '--quiet', '--', 'other.txt');
  }

  /** Of a file that requests write to: until it is discarded, they are refused. */
  async #editAndDiscard(): Promise<void> {
    const path = pathOf(pick(this.#part.random, WRITTEN));
    const text = `# ${this.#next()}\nenvironments: {}\n`;
    this.#save({ [path]: text });
    await this.pause();
    this.#stillIs(path, text);
    await this.#git('checkout', '--quiet', '--', path);
  }

  async #branchAndMerge(): Promise<void> {
    const branch = await this.#workOnBranch();
    await this.pause();
    await this.#mergeBranch(branch);
  }

  /**
   * Git writes the index of the other branch before it moves HEAD. A write that fits between the two is on `main`, and
   * its file looks like a staged change on the other branch, where it is discarded.
   */
  async #branchAndRebase(): Promise<void> {
    const branch = await this.#workOnBranch();
    await this.pause();
    await this.#git('checkout', '--quiet', branch);
    await this.#git('checkout', '--quiet', '--force', branch);
    await this.#rebaseOnMain();
    await this.#git('checkout', '--quiet', 'main');
    await this.#mergeBranch(branch);
  }

  /** A rebase that meets a lock half-way leaves itself in progress; whoever made it gives it up and begins again. */
  #rebaseOnMain(): Promise<void> {
    return patiently(this.#part.record, async () => {
      try {
        await this.#clone.git('rebase', '--quiet', 'main');
      } catch (error) {
        await this.#git('rebase', '--abort').catch(() => undefined);
        throw error;
      }
    });
  }

  /** The pair has another value there, which no reader of `main` may see before the merge. */
  async #workOnBranch(): Promise<string> {
    const branch = `topic-${this.#next()}`;
    await this.#git('checkout', '--quiet', '-b', branch, 'main');
    const files = pairFiles(this.#number);
    this.#save(files);
    await this.pause();
    await this.#commit('--only', ...Object.keys(files));
    await this.#git('checkout', '--quiet', 'main');
    return branch;
  }

  /** A merge that lost the race for the branch leaves its files behind; whoever made it puts them right and merges again. */
  async #mergeBranch(branch: string): Promise<void> {
    await patiently(this.#part.record, async () => {
      try {
        await this.#clone.git('merge', '--quiet', '--no-edit', branch);
      } catch (error) {
        await this.#clone.git('merge', '--abort').catch(() => undefined);
        await this.#git('checkout', '--quiet', '--force', 'main');
        throw new Error('cannot lock main: the branch moved', { cause: error });
      }
    });
    await this.#git('branch', '--quiet', '-D', branch);
  }

  async #commit(...words: readonly string[]): Promise<void> {
    const subject = `person ${this.#next()}`;
    await this.#git('commit', '--quiet', '--message', subject, ...words);
    this.#part.record.people.push(subject);
  }

  #git(...words: readonly string[]): Promise<void> {
    return patiently(this.#part.record, () => this.#clone.git(...words));
  }

  #save(files: Files): void {
    this.#clone.write(files);
  }

  #stillIs(path: string, text: string): void {
    if (readFileSync(join(this.#clone.dir, path), 'utf8') === text) return;
    this.#part.record.faults.push(`P6: what a person saved in ${path} was overwritten`);
  }

  #next(): number {
    this.#number += 1;
    return this.#number;
  }
}

/** Git gives up at once where something is locked; people then try again. */
async function patiently(record: Record, work: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!LOCKED.test(String(error)) || performance.now() > end) throw error;
      record.retries += 1;
      await wait(AGAIN_MS);
    }
  }
}
