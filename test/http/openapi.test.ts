import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createApp } from '../../src/http/app.js';
import {
  type Operation,
  PERMISSIONS,
  type Permission,
  permissionOf,
  placeOf,
} from '../../src/http/permissions.js';
import { openWebhooks } from '../../src/http/webhooks/webhooks.js';
import { openCache } from '../../src/repository/cache.js';
import { openFlagEvents } from '../../src/repository/flag-events.js';
import { openRepository } from '../../src/repository/git.js';
import { openKeyUse } from '../../src/repository/key-use.js';
import { openRevokedTokens } from '../../src/repository/revoked-tokens.js';
import { openWriter } from '../../src/repository/writer.js';
import { createRepository } from '../support/git.js';
import { checkExamples, description } from '../support/openapi.js';
import { FILES } from './sample.js';

const test = suite('openapi');
const OPERATIONS = Object.keys(PERMISSIONS) as readonly Operation[];

/** Operations as the description names them, without those of OFREP, which has no routes. */
function isRoute(operation: string): boolean {
  return !operation.includes('/ofrep/');
}

function describedAs(operation: Operation): string {
  return operation.replace(/:(\w+)/g, '{$1}');
}

/** By operation, the permission that the description tells. */
function describedPermissions(): Record<string, unknown> {
  const entries = Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => method !== 'parameters')
      .map(([method, operation]) => [
        `${method.toUpperCase()} ${path}`,
        (operation as { readonly 'x-permission'?: string })['x-permission'],
      ]),
  );
  return Object.fromEntries(entries.sort());
}

test('P16: every operation declares who may use it, and the description says the same', () => {
  const declared = OPERATIONS.map((operation) => [
    describedAs(operation),
    permissionText(permissionOf(operation)),
  ]);
  assert.equal(describedPermissions(), Object.fromEntries(declared.sort()));
});

test('P16: every row of the table but those of OFREP is a route, once', async () => {
  const { dir } = await createRepository(FILES);
  const repository = await openRepository(dir);
  const cache = await openCache({ repository });
  const writer = await openWriter({ repository, cache });
  const log = () => undefined;
  const keyUse = openKeyUse({ repository, log });
  const { routes } = createApp({
    ...{ repository, cache, writer, keyUse, log, version: '0', now: Date.now },
    events: openFlagEvents(cache),
    ticketSecret: 'a secret of the tests',
    webhooks: openWebhooks({ repository, cache, rules: { isOn: false, allow: [] }, log, now: Date.now }),
    revoked: openRevokedTokens({ repository, now: Date.now, log: () => undefined }),
    access: {
      publicAccess: undefined,
      identify: () => ({ kind: 'anonymous', isLocal: true }),
      origins: new Set(),
    },
  });
  assert.equal(routes.map(({ operation }) => operation).sort(), OPERATIONS.filter(isRoute).sort());
  await keyUse.close();
  await writer.close();
  await cache.close();
});

test('where a role in a project or an environment is needed, the path names it', () => {
  for (const operation of OPERATIONS) {
    const permission = permissionOf(operation);
    if (permission.kind !== 'role') continue;
    const { path } = placeOf(operation);
    const { may } = permission;
    const needsEnvironment = may.endsWith('-environment') || may === 'view-keys';
    assert.ok(may.endsWith('-org') || path.includes(':projectId'), operation);
    assert.ok(!needsEnvironment || path.includes(':environmentId'), operation);
  }
});

test('every example is of the shape that it is an example of', () => {
  assert.ok(checkExamples() > 45);
});

/** The places below which a body in JSON stands without an example. */
function bareBodies(node: unknown, place: string): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => {
    const below = `${place}/${name}`;
    const isBody = place.endsWith('/content') && name === 'application/json';
    return isBody && !('example' in value) ? [below] : bareBodies(value, below);
  });
}

test('every body in JSON has an example, of those that are sent and of those that are answered', () => {
  assert.equal(bareBodies(description, ''), []);
});

/** A permission as the description of the API writes it: `read`, `role: view-project`. */
function permissionText(permission: Permission): string {
  return permission.kind === 'role' ? `role: ${permission.may}` : permission.kind;
}

test.run();
