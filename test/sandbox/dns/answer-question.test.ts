import { beforeEach, describe, expect, test } from 'vitest';
import { type Answer, answerQuestion } from '../../../src/sandbox/dns/answer-question.ts';
import { type Audience, viewOf } from '../../../src/sandbox/dns/world-view.ts';
import type { HostedZone } from '../../../src/sandbox/world/hosted-zone.ts';
import { Random } from '../../../src/sandbox/world/random.ts';
import { createWorld, type World } from '../../../src/sandbox/world/world.ts';
import { plant } from './support.ts';

let world: World;
let zone: HostedZone;

beforeEach(() => {
  world = createWorld();
  zone = world.addHostedZone({ name: 'example', private: true });
});

function ask(name: string, type = 'A', audience: Audience = 'vpc'): Answer {
  return answerQuestion(viewOf(world, audience), { name, type }, new Random(1));
}

/** The answer in short: its code, and each record as a line. */
function told({ rcode, answers }: Answer): readonly string[] {
  return [
    rcode,
    ...answers.map(({ name, type, ttl, value }) => `${name} ${ttl} ${type} ${value}`).toSorted(),
  ];
}

describe('a name that is there', () => {
  test('answers all values of a simple set, with their TTL, under the name as it was asked for', () => {
    plant(zone, ['orders 0 A 10.0.0.1 | 10.0.0.2']);
    expect(told(ask('Orders.EXAMPLE.'))).toEqual([
      'NOERROR',
      'Orders.EXAMPLE. 0 A 10.0.0.1',
      'Orders.EXAMPLE. 0 A 10.0.0.2',
    ]);
  });

  test('answers all values of the weighted set that is drawn', () => {
    const ResourceRecords = [{ Value: '10.0.0.1' }, { Value: '10.0.0.2' }];
    zone.put({ Name: 'a.example', Type: 'A', SetIdentifier: 'x', Weight: 1, TTL: 5, ResourceRecords });
    zone.put({ Name: 'a.example', Type: 'A', SetIdentifier: 'y', Weight: 0, TTL: 5, ResourceRecords: [] });
    expect(ask('a.example').answers).toHaveLength(2);
  });

  test('has every byte as Route 53 keeps it', () => {
    plant(zone, ['a\\040b 60 A 10.0.0.1', '\\052 60 A 10.0.0.2']);
    expect(told(ask('A\\040b.example.'))).toEqual(['NOERROR', 'A\\040b.example. 60 A 10.0.0.1']);
    expect(told(ask('\\052.example.'))).toEqual(['NOERROR', '\\052.example. 60 A 10.0.0.2']);
  });

  test('answers all types to ANY', () => {
    plant(zone, ['a 60 A 10.0.0.1', 'a 60 TXT "x"']);
    expect(told(ask('a.example.', 'ANY'))).toEqual([
      'NOERROR',
      'a.example. 60 A 10.0.0.1',
      'a.example. 60 TXT "x"',
    ]);
  });

  test('has the addresses of the targets of its SRV records with it', () => {
    const cluster = world.addCluster('blue');
    world.addMachine({ cluster, address: '10.1.2.3' });
    plant(zone, [
      '_orders._tcp 0 SRV 1 1 80 ip-10-1-2-3.ec2.internal | 1 1 81 host.example | 1 1 82 gone.example',
      'host 60 A 10.0.0.1',
      'host 60 AAAA fd00::1',
    ]);
    const { answers, additionals } = ask('_orders._tcp.example', 'SRV');
    expect(answers).toHaveLength(3);
    expect(told({ ...ask('.'), rcode: 'NOERROR', answers: additionals })).toEqual([
      'NOERROR',
      'host.example 60 A 10.0.0.1',
      'host.example 60 AAAA fd00::1',
      'ip-10-1-2-3.ec2.internal 60 A 10.1.2.3',
    ]);
  });
});

describe('a name that is not', () => {
  test.each([
    { ttl: 900, minimum: 86_400, negative: 900 },
    { ttl: 900, minimum: 30, negative: 30 },
    { ttl: 0, minimum: 30, negative: 0 },
  ])('is kept for the smaller of $ttl and $minimum seconds', ({ ttl, minimum, negative }) => {
    plant(zone, [`@ ${ttl} SOA ns.example. admin.example. 1 7200 900 1209600 ${minimum}`]);
    const { rcode, authorities, authoritative } = ask('nope.example');
    expect({ rcode, authoritative }).toEqual({ rcode: 'NXDOMAIN', authoritative: true });
    expect(authorities).toEqual([expect.objectContaining({ name: 'example.', type: 'SOA', ttl: negative })]);
  });

  test.each([
    ['has another type', 'a.example', 'AAAA', 'NOERROR'],
    ['has names below it', 'tcp.example', 'A', 'NOERROR'],
    ['is the zone itself', 'example', 'A', 'NOERROR'],
    ['is below a name that is there', 'x.a.example', 'A', 'NXDOMAIN'],
    ['begins like another', 'tc.example', 'A', 'NXDOMAIN'],
    ['is in no zone', 'a.example.com', 'A', 'REFUSED'],
    ['ends like the zone', 'anexample', 'A', 'REFUSED'],
    ['is the root', '.', 'NS', 'REFUSED'],
  ])('%s', (_, name, type, rcode) => {
    plant(zone, ['a 60 A 10.0.0.1', 'x.y.tcp 60 A 10.0.0.1']);
    const answer = ask(name, type);
    expect(told(answer)).toEqual([rcode]);
    expect(answer.authorities.map((record) => record.type)).toEqual(rcode === 'REFUSED' ? [] : ['SOA']);
  });

  test('has nothing with it where the zone has lost its SOA', () => {
    zone.delete({ Name: 'example.', Type: 'SOA' });
    expect(ask('nope.example')).toMatchObject({ rcode: 'NXDOMAIN', authorities: [] });
  });
});

describe('a wildcard', () => {
  beforeEach(() =>
    plant(zone, ['* 60 A 10.0.0.1', 'there 60 TXT "x"', 'b.c 60 A 10.0.0.2', '*.d 60 A 10.0.0.3']),
  );

  test.each([
    ['stands for a name that is not there', 'a.example', ['NOERROR', 'a.example 60 A 10.0.0.1']],
    ['stands for names of more labels', 'x.y.example', ['NOERROR', 'x.y.example 60 A 10.0.0.1']],
    ['stands for no other type', 'there.example', ['NOERROR']],
    ['stands for nothing below a name that is there', 'x.there.example', ['NXDOMAIN']],
    ['does not stand for a name that only has names below it', 'c.example', ['NOERROR']],
    ['stands for nothing below such a name', 'x.c.example', ['NXDOMAIN']],
    ['gives way to a closer one', 'x.d.example', ['NOERROR', 'x.d.example 60 A 10.0.0.3']],
  ])('%s', (_, name, lines) => {
    expect(told(ask(name))).toEqual(lines);
  });
});

describe('a CNAME', () => {
  test('is answered with what its target has, through all zones', () => {
    plant(zone, ['www 30 CNAME Front.example', 'front 20 CNAME web.other.', 'self 5 CNAME self.example']);
    plant(world.addHostedZone({ name: 'other', private: true }), ['web 10 A 10.0.0.1']);
    expect(told(ask('www.example'))).toEqual([
      'NOERROR',
      'Front.example 20 CNAME web.other.',
      'web.other. 10 A 10.0.0.1',
      'www.example 30 CNAME Front.example',
    ]);
    expect(told(ask('www.example', 'CNAME'))).toEqual(['NOERROR', 'www.example 30 CNAME Front.example']);
  });

  test('that leads out of all zones is left to the client', () => {
    plant(zone, ['www 30 CNAME a.example.com']);
    expect(told(ask('www.example'))).toEqual(['NOERROR', 'www.example 30 CNAME a.example.com']);
  });

  test('that leads nowhere says so, with the SOA of the zone where it ends', () => {
    plant(zone, ['www 30 CNAME gone.example']);
    const answer = ask('www.example');
    expect(told(answer)).toEqual(['NXDOMAIN', 'www.example 30 CNAME gone.example']);
    expect(answer.authorities).toHaveLength(1);
  });

  test('that leads to itself ends', () => {
    plant(zone, ['a 5 CNAME b.example', 'b 5 CNAME a.example']);
    expect(ask('a.example')).toMatchObject({ rcode: 'NOERROR' });
    expect(ask('a.example').answers).toHaveLength(17);
  });

  test('to a load balancer is answered with its addresses', () => {
    const balancer = world.addLoadBalancer({ kind: 'application', addresses: ['10.0.0.9'] });
    plant(zone, [`www 30 CNAME ${balancer.dnsName}`, `v6 30 CNAME dualstack.${balancer.dnsName}`]);
    expect(told(ask('www.example'))).toContain(`${balancer.dnsName} 60 A 10.0.0.9`);
    expect(told(ask('v6.example'))).toContain(`dualstack.${balancer.dnsName} 60 A 10.0.0.9`);
    expect(told(ask('www.example', 'AAAA'))).toEqual(['NOERROR', `www.example 30 CNAME ${balancer.dnsName}`]);
    world.removeLoadBalancer(balancer);
    expect(told(ask('www.example'))[0]).toBe('NXDOMAIN');
  });
});

describe('an alias', () => {
  const alias = (Name: string, DNSName: string, Type = 'A') =>
    zone.put({ Name, Type, AliasTarget: { HostedZoneId: 'Z1', DNSName, EvaluateTargetHealth: false } });

  test('answers what its target has, under its own name', () => {
    plant(zone, ['web 10 A 10.0.0.1']);
    alias('example', 'web.example.');
    alias('twice.example', 'example.');
    expect(told(ask('example'))).toEqual(['NOERROR', 'example 10 A 10.0.0.1']);
    expect(told(ask('twice.example'))).toEqual(['NOERROR', 'twice.example 10 A 10.0.0.1']);
  });

  test('of a load balancer answers its addresses', () => {
    const { dnsName } = world.addLoadBalancer({ kind: 'network', addresses: ['10.0.0.9', 'fd00::9'] });
    alias('example', dnsName);
    alias('example', dnsName, 'AAAA');
    expect(told(ask('example'))).toEqual(['NOERROR', 'example 60 A 10.0.0.9']);
    expect(told(ask('example', 'AAAA'))).toEqual(['NOERROR', 'example 60 AAAA fd00::9']);
  });

  test.each([
    ['of what is in no zone', 'd111111abcdef8.cloudfront.net.'],
    ['of itself', 'a.example.'],
    ['of a name that is not there', 'gone.example.'],
  ])('%s answers nothing', (_, target) => {
    alias('a.example', target);
    expect(told(ask('a.example'))).toEqual(['NOERROR']);
  });
});

describe('a delegated name', () => {
  test('is referred to its name servers, with the addresses that the zone has of them', () => {
    plant(zone, ['sub 300 NS ns.sub.example. | ns.other.', 'ns.sub 60 A 10.0.0.5', 'host.sub 60 A 10.0.0.6']);
    const { rcode, authoritative, answers, authorities, additionals } = ask('host.sub.example');
    expect({ rcode, authoritative, answers }).toEqual({
      rcode: 'NOERROR',
      authoritative: false,
      answers: [],
    });
    expect(authorities.map(({ name, type, ttl, value }) => `${name} ${ttl} ${type} ${value}`)).toEqual([
      'sub.example. 300 NS ns.sub.example.',
      'sub.example. 300 NS ns.other.',
    ]);
    expect(additionals).toEqual([{ name: 'ns.sub.example.', type: 'A', ttl: 60, value: '10.0.0.5' }]);
  });

  test('is answered by the zone of its own where there is one', () => {
    plant(zone, ['sub 300 NS ns.other.']);
    plant(world.addHostedZone({ name: 'sub.example', private: true }), ['host 60 A 10.0.0.6']);
    expect(told(ask('host.sub.example'))).toEqual(['NOERROR', 'host.sub.example 60 A 10.0.0.6']);
  });

  test('the zone’s own NS and SOA are no delegation', () => {
    expect(ask('example', 'NS').answers).toHaveLength(4);
    expect(ask('example', 'SOA').answers).toHaveLength(1);
  });
});

describe('names that AWS itself answers for', () => {
  test('a host by its address, its second one, and by its id where it has that name', () => {
    const cluster = world.addCluster('blue');
    const options = { hostnameType: 'ip-name', enableResourceNameDnsARecord: true } as const;
    const { instanceId } = world.addMachine({
      cluster,
      address: '10.1.2.3',
      secondaryAddresses: ['10.1.2.4'],
      privateDnsNameOptions: options,
    });
    const plain = world.addMachine({ cluster, address: '10.1.2.5' });
    const six = world.addMachine({ cluster, address: 'fd00::7' });
    const elsewhere = world.addMachine({ cluster, address: '10.9.9.9', vpcId: 'vpc-0elsewhere' });
    const name = (label: string) => `${label}.ec2.internal`;
    expect(told(ask(name('ip-10-1-2-3')))).toEqual(['NOERROR', 'ip-10-1-2-3.ec2.internal 60 A 10.1.2.3']);
    expect(told(ask(name('ip-10-1-2-4')))).toEqual(['NOERROR', 'ip-10-1-2-4.ec2.internal 60 A 10.1.2.4']);
    expect(told(ask(name(instanceId)))).toEqual(['NOERROR', `${instanceId}.ec2.internal 60 A 10.1.2.3`]);
    expect(told(ask(name(plain.instanceId)))).toEqual(['NXDOMAIN']);
    expect(told(ask(name(six.instanceId), 'AAAA'))).toEqual([
      'NOERROR',
      `${six.instanceId}.ec2.internal 60 AAAA fd00::7`,
    ]);
    expect(told(ask(elsewhere.privateDnsName))).toEqual(['NXDOMAIN']);
    world.terminateMachine(plain);
    expect(told(ask(name('ip-10-1-2-5')))).toEqual(['NXDOMAIN']);
  });

  test('a task’s own interface, until the task has stopped', () => {
    const cluster = world.addCluster('blue');
    const taskDefinition = world.addTaskDefinition({
      family: 'web',
      networkMode: 'awsvpc',
      containers: [{}],
    });
    const task = world.addTask({ cluster, taskDefinition, address: '10.1.9.9' });
    expect(told(ask('ip-10-1-9-9.ec2.internal'))).toEqual([
      'NOERROR',
      'ip-10-1-9-9.ec2.internal 60 A 10.1.9.9',
    ]);
    world.stopTask(task);
    expect(told(ask('ip-10-1-9-9.ec2.internal'))).toEqual(['NXDOMAIN']);
  });

  test('in the form of the region', () => {
    world = createWorld({ region: 'eu-west-1' });
    world.addMachine({ cluster: world.addCluster('blue'), address: '10.1.2.3' });
    expect(told(ask('ip-10-1-2-3.eu-west-1.compute.internal'))[0]).toBe('NOERROR');
    expect(told(ask('ip-10-1-2-3.ec2.internal'))).toEqual(['REFUSED']);
  });
});

describe('two zones of one name', () => {
  beforeEach(() => {
    plant(zone, ['both 60 A 10.0.0.1', 'inside 60 A 10.0.0.2']);
    plant(world.addHostedZone({ name: 'example' }), ['both 60 A 192.0.2.1', 'outside 60 A 192.0.2.2']);
  });

  test('in the VPC the private one answers alone', () => {
    expect(told(ask('both.example'))).toEqual(['NOERROR', 'both.example 60 A 10.0.0.1']);
    expect(told(ask('inside.example'))).toEqual(['NOERROR', 'inside.example 60 A 10.0.0.2']);
    expect(told(ask('outside.example'))).toEqual(['NXDOMAIN']);
  });

  test('outside of it the public one does', () => {
    expect(told(ask('both.example', 'A', 'public'))).toEqual(['NOERROR', 'both.example 60 A 192.0.2.1']);
    expect(told(ask('outside.example', 'A', 'public'))).toEqual([
      'NOERROR',
      'outside.example 60 A 192.0.2.2',
    ]);
    expect(told(ask('inside.example', 'A', 'public'))).toEqual(['NXDOMAIN']);
  });

  test('a private zone above a public one wins as well', () => {
    plant(world.addHostedZone({ name: 'sub.example' }), ['a 60 A 192.0.2.3']);
    expect(told(ask('a.sub.example'))).toEqual(['NXDOMAIN']);
    expect(told(ask('a.sub.example', 'A', 'public'))).toEqual(['NOERROR', 'a.sub.example 60 A 192.0.2.3']);
  });

  test('a private zone of other VPCs alone is not seen', () => {
    zone.vpcs = [{ VPCId: 'vpc-0elsewhere', VPCRegion: 'us-east-1' }];
    expect(told(ask('both.example'))).toEqual(['NOERROR', 'both.example 60 A 192.0.2.1']);
  });

  test('hosts are not answered outside of the VPC', () => {
    world.addMachine({ cluster: world.addCluster('blue'), address: '10.1.2.3' });
    expect(told(ask('ip-10-1-2-3.ec2.internal', 'A', 'public'))).toEqual(['REFUSED']);
  });
});
