import type { ServerResponse } from 'node:http';
import type { EnvironmentChange } from '../../changes/environment-change.js';
import { Failure } from '../../model/failure.js';
import type { FlagKey } from '../../model/keys.js';
import type { FlagEvents, ToldChange } from '../../repository/flag-events.js';
import type { ServedOrg } from '../../repository/served.js';
import { pause } from '../../repository/slices.js';
import { shuttingDown } from '../../repository/writer.js';
import type { Target } from '../ofrep-path.js';
import { type Audience, audienceName, type Hearing, hasEnded, hearingOf, type Judges } from './audience.js';
import { framesOf, heartbeatOf, type Moment, type News } from './frames.js';
import { Stream, type StreamStart, type Texts } from './stream.js';
import { StreamCounts, type StreamLimits } from './stream-counts.js';

/** What live updates are made of. */
export interface LiveOptions extends Judges {
  readonly events: FlagEvents;
  readonly limits?: StreamLimits | undefined;
  /** Takes one line for people. */
  readonly log: (line: string) => void;
}

/** Who wants a stream, and from where. */
export interface StreamRequest extends StreamStart {
  readonly audience: Audience;
  readonly address: string;
}

/** Those who hear the same, and what that is. */
interface Room {
  readonly audience: Audience;
  readonly streams: Set<Stream>;
  hearing: Hearing;
}

/** One address may not take all. */
const LIMITS: StreamLimits = { inAll: 10_000, perAddress: 6_000 };
/** How often it is looked whether tokens ended, in milliseconds. */
const LOOK_MS = 1_000;
/** Of so many looks one is a heartbeat, and judges everybody again. */
const LOOKS_PER_BEAT = 15;

/**
 * Every open stream. A change is told once it serves, to those whose environment has it and who may see the flag. Their
 * standing is judged again with each version that is served, and where it has ended, their streams end.
 */
export class LiveStreams {
  readonly #options: LiveOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #counts: StreamCounts;
  readonly #stops: readonly (() => void)[];
  readonly #timer: NodeJS.Timeout;
  #looks = 0;
  #isClosed = false;
  /** One thing is told after the other. */
  #telling: Promise<void> = Promise.resolve();

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#counts = new StreamCounts(options.limits ?? LIMITS);
    this.#stops = [
      options.events.onChange((told) => this.#inTurn(() => this.#tell(told))),
      options.cache.onGone(() => this.#inTurn(() => this.#judgeAll())),
    ];
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** How many are open. */
  get count(): number {
    return this.#counts.inAll;
  }

  /** Throws the `Failure` that a stream would be refused with. */
  demand({ audience, address }: Pick<StreamRequest, 'audience' | 'address'>): void {
    this.#counts.demandRoom(address);
    hearingOf(this.#options, audience);
  }

  /** Opens a stream on this answer; it is open until one of both ends it. Throws a `Failure` as `demand` does. */
  open(response: ServerResponse, request: StreamRequest): void {
    const { audience, address } = request;
    const name = audienceName(audience);
    const hearing = hearingOf(this.#options, audience);
    if (this.#isClosed) throw shuttingDown();
    if (response.destroyed) return;
    const room = this.#rooms.get(name) ?? { audience, streams: new Set(), hearing };
    room.hearing = hearing;
    const stream = new Stream(response, request, this.#momentOf(hearing.target));
    this.#rooms.set(name, room);
    room.streams.add(stream);
    this.#counts.add(address);
    response.once('close', () => {
      this.#counts.remove(address);
      room.streams.delete(stream);
      if (room.streams.size === 0 && this.#rooms.get(name) === room) this.#rooms.delete(name);
    });
  }

  /** A sign of life to everybody whose standing is still good. */
  beat(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#judgeAll();
      const now = this.#options.now();
      const texts = { ofrep: [heartbeatOf('ofrep', now)], flags: [heartbeatOf('flags', now)] };
      for (const room of [...this.#rooms.values()]) await sendAll(room, texts);
    });
  }

  /** Ends all of them, and tells nothing more. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const stop of this.#stops) stop();
    for (const room of this.#rooms.values()) endRoom(room);
  }

  #look(): void {
    this.#looks += 1;
    if (this.#looks % LOOKS_PER_BEAT === 0) void this.beat();
    for (const room of this.#rooms.values()) {
      if (hasEnded(this.#options, room.audience.caller, undefined)) endRoom(room);
    }
  }

  async #tell(told: ToldChange): Promise<void> {
    for (const room of [...this.#rooms.values()]) {
      await pause();
      if (!isOf(room, told.org)) continue;
      if (await this.#judge(room)) continue;
      const flags = visibleFlags(room.hearing, told);
      if (flags.length > 0) await this.#tellRoom(room, { kind: 'flags', flags });
    }
  }

  async #judgeAll(): Promise<void> {
    for (const room of [...this.#rooms.values()]) {
      await pause();
      await this.#judge(room);
    }
  }

  /** True where that was all there was to tell: the streams ended, or are about another environment from now on. */
  async #judge(room: Room): Promise<boolean> {
    const before = room.hearing.target;
    try {
      room.hearing = hearingOf(this.#options, room.audience);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      endRoom(room);
      return true;
    }
    if (isSamePlace(before, room.hearing.target)) return false;
    await this.#tellRoom(room, { kind: 'all', reason: 'environment-changed' });
    return true;
  }

  async #tellRoom(room: Room, news: News): Promise<void> {
    const moment = this.#momentOf(room.hearing.target);
    const texts = { ofrep: framesOf('ofrep', news, moment), flags: framesOf('flags', news, moment) };
    await sendAll(room, texts);
  }

  #momentOf({ served }: Target): Moment {
    return { revision: served.revision, servedAt: served.loadedAt, now: this.#options.now() };
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#telling = this.#telling.then(work).catch((error) => {
      this.#options.log(`live updates: ${error instanceof Error ? error.stack : error}`);
    });
    return this.#telling;
  }
}

/** Gives way now and then: thousands may listen. */
async function sendAll({ streams }: Room, texts: Texts): Promise<void> {
  for (const stream of [...streams]) {
    await pause();
    if (streams.has(stream)) stream.send(texts);
  }
}

/** Whoever connects again is refused then, and told why. */
function endRoom({ streams }: Room): void {
  for (const stream of streams) stream.end();
}

/** Whose environment is not named, may have come from another organization. */
function isOf({ audience, hearing }: Room, { snapshot }: ServedOrg): boolean {
  return audience.scope === undefined || hearing.target.served.snapshot.key === snapshot.key;
}

function isSamePlace(one: Target, other: Target): boolean {
  const [here, there] = [one.environment, other.environment];
  return (
    here.key === there.key && here.project.key === there.project.key && here.project.org === there.project.org
  );
}

function visibleFlags({ target, view }: Hearing, { org, before, changes }: ToldChange): readonly FlagKey[] {
  const change = changes.find((one) => isAbout(one, target));
  if (change === undefined || view === 'full') return change?.flags ?? [];
  const projects = [before, org].map((served) => served?.snapshot.projects.get(change.project));
  return change.flags.filter((key) =>
    projects.some((project) => project?.flags.get(key)?.file.client === true),
  );
}

function isAbout({ org, project, environment }: EnvironmentChange, target: Target): boolean {
  const { key, project: own } = target.environment;
  return key === environment && own.key === project && own.org === org;
}
