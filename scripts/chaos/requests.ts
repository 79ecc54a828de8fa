import { setTimeout as wait } from 'node:timers/promises';
import { codeOf } from '../../src/repository/disk.js';
import { tokenOf } from '../../test/support/http.js';
import { pick } from '../random.js';
import type { Acknowledged, Record } from './record.js';
import type { ServerProcess } from './server.js';
import { PAIR, pathOf, WRITTEN } from './setting.js';

/** What all who take part know. */
export interface Part {
  readonly server: ServerProcess;
  readonly record: Record;
  readonly random: () => number;
  readonly isOver: () => boolean;
}

const AGAIN_MS = 20;
const READ_AGAIN_MS = 4;
const BASE = '/api/v1/feature-flags';

/** Writes over REST, one request after the other: changes of flags that others write too, and flags that come and go. */
export async function writeOverRest(part: Part, name: string): Promise<void> {
  const token = await tokenOf({ sub: name, name, email: `${name}@example.com`, superAdmin: true });
  const ask = asker(part, token);
  for (let number = 0; !part.isOver(); number += 1) {
    const description = `${name} ${number}`;
    const line = `description: ${description}`;
    if (number % 10 > 0) {
      const flag = pick(part.random, WRITTEN);
      await ask(
        { method: 'PUT', path: `${BASE}/${flag}`, body: { description } },
        { path: pathOf(flag), line },
      );
      continue;
    }
    const flag = `${name}-${number}`;
    const body = { feature_key: flag, description };
    const isMade = await ask({ method: 'POST', path: BASE, body }, { path: pathOf(flag), line });
    if (isMade) await ask({ method: 'DELETE', path: `${BASE}/${flag}` }, { path: pathOf(flag), line: null });
  }
}

/** Reads all flags at once, over and over: the pair must have one value, for no commit ever had two. */
export async function readOverRest({ server, record, isOver }: Part): Promise<void> {
  while (!isOver()) {
    const answer = await send(server, { method: 'POST', path: '/ofrep/v1/evaluate/flags', body: {} });
    if (answer === 'refused' || answer?.status !== 200) {
      await wait(AGAIN_MS);
      continue;
    }
    const { flags } = (await answer.json()) as { flags: { key: string; value?: unknown }[] };
    const [one, two] = PAIR.map((key) => flags.find((flag) => flag.key === key)?.value);
    record.reads += 1;
    if (one === undefined || one !== two) record.faults.push(`P8: one answer says ${one} and ${two}`);
    await wait(READ_AGAIN_MS);
  }
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
}

type Asker = (question: Question, meant: Omit<Acknowledged, 'commit'>) => Promise<boolean>;

/** Notes what became of each write; true where it was acknowledged. */
function asker({ server, record }: Part, token: string): Asker {
  return async (question, meant) => {
    const answer = await send(server, { ...question, token });
    if (answer === undefined) record.unanswered += 1;
    else if (answer === 'refused') note(record, 'no server');
    else if (answer.ok) {
      record.acknowledged.push({ commit: answer.headers.get('flagstaff-commit') ?? 'none', ...meant });
      return true;
    } else note(record, reasonOf((await answer.json()) as Refusal));
    await wait(AGAIN_MS);
    return false;
  };
}

interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
}

/** `WRONG_BRANCH`; of what the disk refuses, why: `DISK_ERROR (EIO)`. */
function reasonOf({ error }: Refusal): string {
  const [because] = error.code === 'DISK_ERROR' ? (/\(E[A-Z]+\)/.exec(error.message) ?? []) : [];
  return because === undefined ? error.code : `${error.code} ${because}`;
}

/** Nobody knows what became of a commit that the disk did not confirm. */
function note(record: Record, code: string): void {
  record.refused.set(code, (record.refused.get(code) ?? 0) + 1);
  if (code === 'COMMIT_NOT_FLUSHED') record.unanswered += 1;
}

/** Undefined where the server went away before it had answered; `refused` where it was not there. */
async function send(server: ServerProcess, question: Question): Promise<Response | 'refused' | undefined> {
  const { method, path, body, token } = question;
  try {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return new Response(response.status === 204 ? null : text, response);
  } catch (error) {
    return codeOf((error as Error).cause) === 'ECONNREFUSED' ? 'refused' : undefined;
  }
}
