import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { demandPublicUrl, ForbiddenAddress, isPublic } from '../../../src/http/webhooks/public-address.js';

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
  try {
    demandPublicUrl(new URL(text), new Set(allowed));
    return true;
  } catch (error) {
    if (error instanceof ForbiddenAddress) return false;
    throw error;
  }
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

test.run();
