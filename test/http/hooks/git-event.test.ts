import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readEvent } from '../../../src/http/hooks/git-event.js';

const test = suite('events of git hosts');

const ALPHA = 'refs/heads/alpha';

function read(header: string, event: string, body: unknown): unknown {
  return readEvent({ [header]: event }, { kind: 'whole', bytes: Buffer.from(JSON.stringify(body)) });
}

test('a push of each git host tells its refs', () => {
  const push = { kind: 'push', refs: [ALPHA] };
  assert.equal(read('x-github-event', 'push', { ref: ALPHA }), push);
  assert.equal(read('x-gitea-event', 'push', { ref: ALPHA }), push);
  assert.equal(read('x-forgejo-event', 'push', { ref: ALPHA }), push);
  assert.equal(read('x-gitlab-event', 'Push Hook', { event_name: 'push', ref: ALPHA }), push);
  const several = { event_name: 'repository_update', refs: [ALPHA] };
  assert.equal(read('x-gitlab-event', 'System Hook', several), push);
  const server = { changes: [{ ref: { id: ALPHA, displayId: 'alpha' }, type: 'UPDATE' }] };
  assert.equal(read('x-event-key', 'repo:refs_changed', server), push);
});

test('a push to Bitbucket tells branches that came, went and moved', () => {
  const changes = [
    { old: null, new: { type: 'branch', name: 'came' } },
    { old: { type: 'branch', name: 'went' }, new: null },
  ];
  const pushed = read('x-event-key', 'repo:push', { push: { changes } });
  assert.equal(pushed, { kind: 'push', refs: ['came', 'went'] });
});

test('a form holds the JSON in one field, as GitHub can send it', () => {
  const form = new URLSearchParams({ payload: JSON.stringify({ ref: ALPHA }) }).toString();
  const headers = { 'x-github-event': 'push', 'content-type': 'application/x-www-form-urlencoded' };
  const event = readEvent(headers, { kind: 'whole', bytes: Buffer.from(form) });
  assert.equal(event, { kind: 'push', refs: [ALPHA] });
});

test('JSON that curl calls a form is JSON, and what is none of another type is 415', () => {
  const bytes = (text: string) => ({ kind: 'whole', bytes: Buffer.from(text) }) as const;
  for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
    const headers = { 'content-type': type };
    assert.equal(readEvent(headers, bytes(JSON.stringify({ ref: ALPHA }))), { kind: 'push', refs: [ALPHA] });
    assert.equal(readEvent(headers, bytes('')), { kind: 'push', refs: undefined });
    assert.throws(
      () => readEvent(headers, bytes('ref=refs/heads/alpha')),
      (error: { code?: string }) => error.code === 'UNSUPPORTED_MEDIA_TYPE',
    );
  }
});

test('what is no push is something else', () => {
  const other = { kind: 'other' };
  assert.equal(read('x-github-event', 'issues', { ref: ALPHA }), other);
  assert.equal(read('x-gitlab-event', 'Tag Push Hook', { ref: 'refs/tags/v1' }), other);
  assert.equal(read('x-gitlab-event', 'System Hook', { event_name: 'project_create' }), other);
  assert.equal(read('x-event-key', 'pullrequest:created', {}), other);
});

test('a ping is a ping, whatever it holds', () => {
  assert.equal(read('x-github-event', 'ping', { zen: 'Design for failure.' }), { kind: 'ping' });
  assert.equal(read('x-event-key', 'diagnostics:ping', { test: true }), { kind: 'ping' });
});

test('a push that says too much, nothing, or what nobody knows may be about any ref', () => {
  const any = { kind: 'push', refs: undefined };
  assert.equal(readEvent({ 'x-github-event': 'push' }, { kind: 'long' }), any);
  assert.equal(readEvent({}, { kind: 'whole', bytes: Buffer.from('') }), any);
  assert.equal(read('x-github-event', 'push', ['a list']), any);
  assert.equal(read('x-github-event', 'push', { ref: 7 }), any);
});

test('a push that is no JSON is INVALID_JSON', () => {
  const torn = { kind: 'whole', bytes: Buffer.from('{"ref":') } as const;
  assert.throws(
    () => readEvent({ 'x-github-event': 'push' }, torn),
    (error: { code?: string }) => error.code === 'INVALID_JSON',
  );
});

test.run();
