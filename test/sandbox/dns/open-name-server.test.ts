import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { RecordType } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { openNameServer } from '../../../src/sandbox/dns/open-name-server.ts';
import { openTcpDoor } from '../../../src/sandbox/dns/tcp-door.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { dig, testWithDig } from '../../dig.ts';
import {
  exchange,
  exchangeOverTcp,
  framed,
  plant,
  questionBytes,
  readMessage,
  withNameServer,
} from './support.ts';

async function servedZone() {
  const world = createWorld();
  world.addMachine({ cluster: world.addCluster('blue'), address: '10.1.2.3' });
  const zone = world.addHostedZone({ name: 'example', private: true });
  plant(zone, [
    'a 60 A 10.0.0.1 | 10.0.0.2',
    'six 60 AAAA fd00::1',
    'www 30 CNAME a.example.',
    '_orders._tcp 0 SRV 1 2 8080 ip-10-1-2-3.ec2.internal',
    'txt 60 TXT "one" "two \\"three\\" \\344"',
    'spf 60 SPF "v=spf1 -all"',
    'mail 60 MX 10 mx.example',
    'back 60 PTR host.example.',
    'caa 60 CAA 0 issue "ca.example.net"',
    'tel 60 NAPTR 100 50 "u" "E2U+sip" "!^.*$!sip:a@b.example!" .',
    'ds 60 DS 12345 3 1 0123456789abcdef0123456789abcdef01234567',
    'ssh 60 SSHFP 2 1 123456789abcdef67890123456789abcdef67890',
    'tls 60 TLSA 3 1 1 0b9fa5a59eed715c26c1020c711b4f6ec42d58b0015e14337a39dad301c5afc3',
    '\\052.wild 60 A 10.0.0.9',
  ]);
  const server = await withNameServer(world);
  const resolver = new Resolver({ tries: 1, timeout: 600_000 });
  resolver.setServers([`${server.address}:${server.port}`]);
  return { world, zone, server, resolver };
}

test('a client of Node.js gets every record that it knows', async () => {
  const { resolver } = await servedZone();
  expect(await resolver.resolve4('a.example', { ttl: true })).toHaveLength(2);
  expect(await resolver.resolve4('www.example')).toHaveLength(2);
  expect(await resolver.resolve6('six.example', { ttl: true })).toEqual([{ address: 'fd00::1', ttl: 60 }]);
  expect(await resolver.resolveCname('www.example')).toEqual(['a.example']);
  expect(await resolver.resolveSrv('_orders._tcp.example')).toEqual([
    { name: 'ip-10-1-2-3.ec2.internal', port: 8080, priority: 1, weight: 2 },
  ]);
  expect(await resolver.resolve4('ip-10-1-2-3.ec2.internal')).toEqual(['10.1.2.3']);
  expect(await resolver.resolveTxt('txt.example')).toEqual([['one', expect.stringMatching(/^two "three" /)]]);
  expect(await resolver.resolveMx('mail.example')).toEqual([{ exchange: 'mx.example', priority: 10 }]);
  expect(await resolver.resolvePtr('back.example')).toEqual(['host.example']);
  expect(await resolver.resolveCaa('caa.example')).toEqual([{ critical: 0, issue: 'ca.example.net' }]);
  expect(await resolver.resolveNaptr('tel.example')).toEqual([
    {
      flags: 'u',
      service: 'E2U+sip',
      regexp: '!^.*$!sip:a@b.example!',
      replacement: '',
      order: 100,
      preference: 50,
    },
  ]);
  expect(await resolver.resolveNs('example')).toHaveLength(4);
  expect(await resolver.resolveSoa('example')).toMatchObject({ minttl: 86_400, serial: 1 });
  expect(await resolver.resolve4('x.wild.example')).toEqual(['10.0.0.9']);
  await expect(resolver.resolve4('gone.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(resolver.resolve6('a.example')).rejects.toMatchObject({ code: 'ENODATA' });
  await expect(resolver.resolve4('example.com')).rejects.toMatchObject({ code: 'EREFUSED' });
});

testWithDig('dig gets every record as the zone has it', async () => {
  const { server } = await servedZone();
  const ask = async (...args: readonly string[]) => {
    const where = [`@${server.address}`, '-p', String(server.port), '+noall', '+answer', '+norecurse'];
    const lines = (await dig(...where, ...args)).trim().split('\n');
    return lines.map((line) => line.split(/\s+/).slice(1).join(' '));
  };
  for (const [name, type, ...records] of [
    ['a.example', 'A', '60 IN A 10.0.0.1', '60 IN A 10.0.0.2'],
    ['_orders._tcp.example', 'SRV', '0 IN SRV 1 2 8080 ip-10-1-2-3.ec2.internal.'],
    ['www.example', 'AAAA', '30 IN CNAME a.example.'],
    ['txt.example', 'TXT', '60 IN TXT "one" "two \\"three\\" \\228"'],
    ['spf.example', 'SPF', '60 IN SPF "v=spf1 -all"'],
    ['mail.example', 'MX', '60 IN MX 10 mx.example.'],
    ['caa.example', 'CAA', '60 IN CAA 0 issue "ca.example.net"'],
    ['tel.example', 'NAPTR', '60 IN NAPTR 100 50 "u" "E2U+sip" "!^.*$!sip:a@b.example!" .'],
    ['ds.example', 'DS', '60 IN DS 12345 3 1 0123456789ABCDEF0123456789ABCDEF01234567'],
    ['ssh.example', 'SSHFP', '60 IN SSHFP 2 1 123456789ABCDEF67890123456789ABCDEF67890'],
    [
      'tls.example',
      'TLSA',
      '60 IN TLSA 3 1 1 0B9FA5A59EED715C26C1020C711B4F6EC42D58B0015E14337A39DAD3 01C5AFC3',
    ],
    ['*.wild.example', 'A', '60 IN A 10.0.0.9'],
  ] as const)
    expect((await ask(name, type)).toSorted(), name).toEqual(records);
});

testWithDig('dig sees who is asked, and the SOA of what is not there', async () => {
  const { server } = await servedZone();
  const port = String(server.port);
  const inside = await dig(`@${server.address}`, '-p', port, 'gone.example');
  expect(inside).toContain('status: NXDOMAIN');
  expect(inside).toMatch(/^example\.\s+900\s+IN\s+SOA\s/m);
  expect(await dig(`@${server.publicAddress}`, '-p', port, 'a.example')).toContain('status: REFUSED');
});

describe('over TCP', () => {
  test('comes what UDP had no room for', async () => {
    const { zone, server, resolver } = await servedZone();
    const values = Array.from({ length: 200 }, (_, i) => `10.2.0.${i}`);
    plant(zone, [`many 60 A ${values.join(' | ')}`]);
    const question = questionBytes({ name: 'many.example', type: 'A' });
    expect(readMessage(await exchange(server, question))).toMatchObject({ flag_tc: true, answers: [] });
    const [reply = Buffer.alloc(0)] = await exchangeOverTcp(server, [question]);
    expect(readMessage(reply)).toMatchObject({ flag_tc: false });
    expect(readMessage(reply).answers).toHaveLength(200);
    // A client that does it by itself.
    expect((await resolver.resolve4('many.example')).toSorted()).toEqual(values.toSorted());
  });

  test('come the answers to several questions on a connection, in their order', async () => {
    const { server } = await servedZone();
    const questions = ['a.example', 'gone.example', 'www.example', 'a.example'].map((name, id) =>
      questionBytes({ name, type: 'A' }, { id }),
    );
    const replies = (await exchangeOverTcp(server, questions)).map(readMessage);
    expect(replies.map(({ id, rcode }) => [id, rcode])).toEqual([
      [0, 'NOERROR'],
      [1, 'NXDOMAIN'],
      [2, 'NOERROR'],
      [3, 'NOERROR'],
    ]);
  });

  test('a question may come in pieces', async () => {
    const { server } = await servedZone();
    const socket = connect(server.port, server.address).setNoDelay();
    const message = framed(questionBytes({ name: 'a.example', type: 'A' }));
    for (const byte of message) await new Promise((sent) => socket.write(Buffer.of(byte), sent));
    const [reply] = await once(socket, 'data');
    expect(readMessage(reply.subarray(2)).answers).toHaveLength(2);
    socket.destroy();
  });

  test('no more than 64 connections are held', async () => {
    const { server } = await servedZone();
    const sockets = Array.from({ length: 64 }, () => connect(server.port, server.address));
    for (const socket of sockets) await once(socket, 'connect');
    const question = questionBytes({ name: 'a.example', type: 'A' });
    // The answer on each says that the server has it.
    for (const socket of sockets) socket.write(framed(question));
    for (const socket of sockets) await once(socket, 'data');
    const more = connect(server.port, server.address).on('error', () => undefined);
    const answers: Buffer[] = [];
    more.on('data', (bytes) => answers.push(bytes)).write(framed(question));
    await once(more, 'close');
    expect(answers).toEqual([]);
    for (const socket of sockets) socket.destroy();
  });
});

test('a connection on which nothing comes is ended', async () => {
  const door = await openTcpDoor('127.0.0.1', 0, (message) => message, 1);
  const socket = connect(door.port, '127.0.0.1');
  await once(socket, 'close');
  await door.close();
});

test('a message that is none ends nothing', async () => {
  const { server, resolver } = await servedZone();
  const question = questionBytes({ name: 'a.example', type: 'A' });
  expect(readMessage(await exchange(server, question.subarray(0, 20))).rcode).toBe('FORMERR');
  const socket = connect(server.port, server.address).on('error', () => undefined);
  socket.write(framed(question.subarray(0, 20)));
  expect(readMessage((await once(socket, 'data'))[0].subarray(2)).rcode).toBe('FORMERR');
  socket.resetAndDestroy();
  expect(await resolver.resolve4('a.example')).toHaveLength(2);
});

test('an answer is of its moment', async () => {
  const { zone, resolver } = await servedZone();
  plant(zone, ['now 60 A 10.0.0.1']);
  expect(await resolver.resolve4('now.example')).toEqual(['10.0.0.1']);
  zone.delete({ Name: 'now.example', Type: 'A' });
  await expect(resolver.resolve4('now.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('the port of another is refused, and nothing is left open', async () => {
  const { world, server } = await servedZone();
  await expect(openNameServer({ world, port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await server.close();
  const again = await openNameServer({ world, port: server.port });
  expect(again.port).toBe(server.port);
  const question = questionBytes({ name: 'a.example', type: 'ANY' as RecordType });
  expect(readMessage(await exchange(again, question)).rcode).toBe('NOERROR');
  await again.close();
});
