import type { Registry } from 'prom-client';
import type { FollowedRemote, RemoteStatus } from '../../repository/remote/remote.js';
import { watchCounter, watchGauge } from './watched.js';

/** How things stand with the remote. Before it was first reached, the time of the last fetch is left out. */
export function registerRemote(remote: FollowedRemote, registry: Registry): void {
  const gauge = (name: string, help: string, read: (status: RemoteStatus) => number | undefined): void =>
    watchGauge({ name, help, read: () => read(remote.status) }, registry);
  const counter = (name: string, help: string, read: (status: RemoteStatus) => number): void =>
    watchCounter({ name, help, read: () => read(remote.status) }, registry);
  counter('flagstaff_remote_fetches_total', 'How often the remote was asked.', ({ fetches }) => fetches);
  counter(
    'flagstaff_remote_fetch_failures_total',
    'How often it did not answer.',
    ({ failures }) => failures,
  );
  gauge(
    'flagstaff_remote_failures_in_a_row',
    'How often in a row it has not answered.',
    (status) => status.failuresInARow,
  );
  gauge('flagstaff_remote_last_fetch_timestamp_seconds', 'When the remote last answered.', ({ fetchedAt }) =>
    fetchedAt === undefined ? undefined : fetchedAt / 1_000,
  );
  gauge(
    'flagstaff_remote_stale',
    '1 while what is served may be older than what the remote has.',
    (status) => (status.isStale ? 1 : 0),
  );
  gauge(
    'flagstaff_pending_changes',
    'Changes that the remote does not have yet.',
    ({ pending }) => pending.length,
  );
  gauge(
    'flagstaff_lost_changes',
    'Acknowledged changes that could not be made again on what the remote has.',
    ({ lost }) => lost.length,
  );
}
