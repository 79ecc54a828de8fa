import { setTimeout as wait } from 'node:timers/promises';
import { codeOf } from '../../src/repository/disk.js';
import { tokenOf } from '../../test/support/http.js';
import { pathOf, WRITTEN } from '../chaos/setting.js';
import { pick } from '../random.js';
import type { Asked, Record } from './record.js';
import type { Replica } from './replica.js';

/** What all who take part know. */
export interface Part {
  readonly record: Record;
  readonly random: () => number;
  readonly isOver: () => boolean;
}

const BASE = '/api/v1/feature-flags';
const AGAIN_MS = 30;
const NO_SERVER_MS = 100;
const KILL_REST_MS = 1_000;
/** Of these alone nobody can say whether the change is made. */
const UNKNOWN: ReadonlySet<string> = new Set(['REMOTE_UNREACHABLE', 'COMMIT_NOT_FLUSHED', 'INTERNAL_ERROR']);
/** Each of them is killed at most once. */
export const STOPS = 200;

/** The flags that are there to be killed. */
export function stopFlags(): { readonly [path: string]: string } {
  const names = Array.from({ length: STOPS }, (_, number) => `stop-${number}`);
  const text = 'description: to be stopped\nenvironments: { production: { enabled: true } }\n';
  return Object.fromEntries(names.map((name) => [pathOf(name), text]));
}

/** Writes one change after the other, of flags that all others write too, and flags that are new. */
export async function writeTo(replica: Replica, part: Part, name: string): Promise<void> {
  const ask = await asker(replica, part, name);
  for (let number = 0; !part.isOver(); number += 1) {
    const description = `${name} ${number}`;
    const line = `description: ${description}`;
    const flag = number % 6 === 5 ? `${name}-${number}` : pick(part.random, WRITTEN);
    const isNew = flag.startsWith(name);
    await ask(
      isNew
        ? { method: 'POST', path: BASE, body: { feature_key: flag, description } }
        : { method: 'PUT', path: `${BASE}/${flag}`, body: { description } },
      { path: pathOf(flag), line },
    );
    await wait(AGAIN_MS);
  }
}

/** Kills one flag after the other of those that are left, whatever the network does. */
export async function killOn(replica: Replica, part: Part, left: number[]): Promise<void> {
  const ask = await asker(replica, part, `${replica.name}-killer`);
  while (!part.isOver()) {
    const number = left.pop();
    if (number === undefined) return;
    const flag = `stop-${number}`;
    const question = { method: 'POST', path: `${BASE}/${flag}/kill`, body: { reason: 'it is on fire' } };
    await ask(question, { path: pathOf(flag), line: 'killed: true' });
    await wait(KILL_REST_MS * part.random());
  }
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

type Asker = (question: Question, meant: Pick<Asked, 'path' | 'line'>) => Promise<void>;

async function asker({ server, name: replica }: Replica, { record }: Part, name: string): Promise<Asker> {
  const token = await tokenOf({ sub: name, name, email: `${name}@example.com`, superAdmin: true });
  return async ({ method, path, body }, meant) => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
    try {
      const answer = await fetch(server.url + path, { method, headers, body: JSON.stringify(body) });
      const text = await answer.text();
      const isPending = answer.headers.get('flagstaff-pending') !== null;
      const code = answer.ok ? undefined : (JSON.parse(text) as Refusal).error.code;
      record.writes.push({ replica, ...meant, outcome: outcomeOf(code), code, isPending });
    } catch (error) {
      const isAway = codeOf((error as Error).cause) === 'ECONNREFUSED';
      record.writes.push({ replica, ...meant, outcome: isAway ? 'refused' : 'unknown', code: 'no answer' });
      await wait(NO_SERVER_MS);
    }
  };
}

interface Refusal {
  readonly error: { readonly code: string };
}

function outcomeOf(code: string | undefined): Asked['outcome'] {
  if (code === undefined) return 'acknowledged';
  return UNKNOWN.has(code) ? 'unknown' : 'refused';
}
