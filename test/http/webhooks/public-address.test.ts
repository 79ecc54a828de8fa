import { isIPv4 } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ForbiddenAddress,
  isPublic,
  parseHost,
  publicLookupBy,
  reasonAgainst,
} from '../../../src/http/webhooks/public-address.js';

const test = suite('where webhooks may go');

test('addresses of the public internet are public', () => {
  for (const address of ['93.184.215.14', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1']) {
    assert.ok(isPublic(address), address);
  }
});

test('loopback, private, link-local, metadata, multicast, reserved and disguised addresses are not', () => {
  const others = [
    ...['127.0.0.1', '127.1.2.3', '0.0.0.0', '10.0.0.7', '100.64.0.1', '172.16.0.1', '172.31.255.255'],
    ...['192.168.1.1', '169.254.169.254', '192.0.0.192', '198.18.0.1', '203.0.113.9', '224.0.0.1'],
    ...['240.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1'],
    ...['::ffff:127.0.0.1', '::ffff:a00:7', '::127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001::1'],
    ...['2001:db8::1', 'fec0::1', 'localhost', ''],
  ];
  for (const address of others) assert.not.ok(isPublic(address), address);
});

function judge(text: string, ...allowed: readonly string[]): boolean {
  return reasonAgainst(new URL(text), new Set(allowed)) === undefined;
}

test('numbers of hosts are judged however they are written', () => {
  for (const host of [
    '2130706433',
    '0x7f.1',
    '127.1',
    '0177.0.0.1',
    '[::1]',
    '[::ffff:7f00:1]',
    '%31%30.1',
  ]) {
    assert.not.ok(judge(`https://${host}/`), host);
  }
  assert.ok(judge('https://hooks.example.com/'));
  assert.ok(judge('https://1.1.1.1/'));
});

test('http is for those that are allowed, host and port, and so are private addresses', () => {
  assert.not.ok(judge('http://hooks.example.com/'));
  assert.ok(judge('http://hooks.example.com/', 'hooks.example.com:80'));
  assert.ok(judge('http://HOOKS.example.com/', 'hooks.example.com:80'));
  assert.not.ok(judge('http://hooks.example.com:8080/', 'hooks.example.com:80'));
  assert.ok(judge('https://10.0.0.7/', '10.0.0.7:443'));
  assert.ok(judge('http://[::1]:9000/', '[::1]:9000'));
  assert.not.ok(judge('https://10.0.0.7:8443/', '10.0.0.7:443'));
});

test('a name is judged by all of its addresses', async () => {
  assert.equal(await lookUp('93.184.215.14', '1.1.1.1'), ['93.184.215.14', '1.1.1.1']);
  for (const addresses of [
    ['93.184.215.14', '10.0.0.7'],
    ['10.0.0.7', '93.184.215.14'],
    ['2606:4700::1111', '::1'],
  ]) {
    assert.instance(await lookUp(...addresses), ForbiddenAddress, addresses.join());
  }
  assert.match(String(await lookUp()), 'hooks.example.com has no address');
});

/** What a connection to a name with these addresses would get: its addresses, or an error. */
function lookUp(...addresses: readonly string[]): Promise<unknown> {
  const found = addresses.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 }));
  const lookup = publicLookupBy((_, __, callback) => callback(null, found));
  return new Promise((resolve) => {
    lookup('hooks.example.com', { all: true }, (error, given) =>
      resolve(error ?? (Array.isArray(given) ? given.map(({ address }) => address) : given)),
    );
  });
}

test('hosts that are allowed are compared as URLs write them', () => {
  assert.is(parseHost('[0:0:0:0:0:0:0:1]:9000'), '[::1]:9000');
  assert.is(parseHost('HOOKS.internal:443'), 'hooks.internal:443');
  assert.is(parseHost('10.0.0.7:80'), '10.0.0.7:80');
  assert.ok(judge('http://[::1]:9000/', parseHost('[0:0:0:0:0:0:0:1]:9000') ?? ''));
  for (const text of [
    'hooks.internal',
    'hooks.internal:0',
    'hooks.internal:99999',
    '999.1.1.1:80',
    '[:::]:80',
    '',
  ]) {
    assert.is(parseHost(text), undefined, text);
  }
});

test.run();
