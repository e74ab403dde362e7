import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  type ResourceRecordSet,
  type RRType,
} from '@aws-sdk/client-route-53';
import { describe, expect, test } from 'vitest';
import type { HostedZone } from '../../../src/sandbox/world/hosted-zone.ts';
import { createWorld, type World } from '../../../src/sandbox/world/world.ts';
import { failureOf, range, type Sandbox, withSandbox } from '../with-sandbox.ts';

const NAME = '_orders._tcp.sd.internal.';
const TARGET = '1 1 8080 ip-10-0-0-1.ec2.internal';

type Zoned = { readonly world: World; readonly zone: HostedZone };

function newZone(maxRecordSets?: number): Zoned {
  const world = createWorld();
  const zone = world.addHostedZone({
    id: 'Z1',
    name: 'sd.internal',
    ...(maxRecordSets === undefined ? {} : { maxRecordSets }),
  });
  return { world, zone };
}

/** A set that both the SDK and the zone take. */
interface SampleSet extends ResourceRecordSet {
  Name: string;
  Type: RRType;
  ResourceRecords?: { Value: string }[];
}

function srv(over: Partial<SampleSet> = {}): SampleSet {
  const { SetIdentifier = 'host:1', Weight = 1, TTL = 0 } = over;
  return {
    Name: NAME,
    Type: 'SRV',
    ResourceRecords: [{ Value: TARGET }],
    ...over,
    SetIdentifier,
    Weight,
    TTL,
  };
}

function simple(Name: string, Type: RRType, ...values: string[]): SampleSet {
  return { Name, Type, TTL: 60, ResourceRecords: values.map((Value) => ({ Value })) };
}

const create = (ResourceRecordSet: ResourceRecordSet): Change => ({ Action: 'CREATE', ResourceRecordSet });
const remove = (ResourceRecordSet: ResourceRecordSet): Change => ({ Action: 'DELETE', ResourceRecordSet });
const upsert = (ResourceRecordSet: ResourceRecordSet): Change => ({ Action: 'UPSERT', ResourceRecordSet });

function change({ route53 }: Sandbox, ...Changes: Change[]) {
  return route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: 'Z1', ChangeBatch: { Changes } }));
}

function identifiers(zone: HostedZone): readonly (string | undefined)[] {
  return zone.list().flatMap((set) => (set.Name === NAME ? set.SetIdentifier : []));
}

describe('a batch that is right', () => {
  test('creates, replaces and deletes, all at once', async () => {
    const { world, zone } = newZone();
    zone.put(srv({ SetIdentifier: 'old' })).put(srv({ SetIdentifier: 'kept' }));
    const sandbox = await withSandbox(world);
    await change(
      sandbox,
      remove(srv({ SetIdentifier: 'old' })),
      create(srv({ SetIdentifier: 'new' })),
      upsert(srv({ SetIdentifier: 'kept', Weight: 9 })),
      upsert(srv({ SetIdentifier: 'also-new' })),
    );
    expect(identifiers(zone)).toEqual(['also-new', 'kept', 'new']);
    expect(zone.list().find((set) => set.SetIdentifier === 'kept')?.Weight).toBe(9);
  });

  test('deletes a set as it was read, its values in any order and its name in any spelling', async () => {
    const { world, zone } = newZone();
    const values = [{ Value: TARGET }, { Value: '1 1 9090 ip-10-0-0-1.ec2.internal' }];
    zone.put(srv({ ResourceRecords: values }));
    zone.put({ Name: '*.sd.internal', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] });
    const sandbox = await withSandbox(world);
    await change(
      sandbox,
      remove(srv({ Name: '_ORDERS._tcp.SD.internal', ResourceRecords: values.toReversed() })),
      remove(simple('\\052.sd.internal', 'A', '192.0.2.1')),
    );
    expect(zone.list()).toHaveLength(2);
  });

  test('may delete a set and create it anew, or change its routing', async () => {
    const { world, zone } = newZone();
    const { SetIdentifier, Weight, ...plain } = srv();
    zone.put(plain);
    const sandbox = await withSandbox(world);
    await change(sandbox, remove(plain), create({ ...plain, SetIdentifier, Weight }));
    await change(sandbox, remove(srv()), create(srv({ TTL: 30 })));
    expect(identifiers(zone)).toEqual(['host:1']);
  });

  test('may change the TTL of all weighted sets of a name together', async () => {
    const { world, zone } = newZone();
    zone.put(srv({ SetIdentifier: 'a' })).put(srv({ SetIdentifier: 'b' }));
    const sandbox = await withSandbox(world);
    await change(
      sandbox,
      upsert(srv({ SetIdentifier: 'a', TTL: 5 })),
      upsert(srv({ SetIdentifier: 'b', TTL: 5 })),
    );
    expect(zone.list().filter((set) => set.TTL === 5)).toHaveLength(2);
  });

  test('keeps values to the letter', async () => {
    const { world, zone } = newZone();
    const sandbox = await withSandbox(world);
    const value = '"a <b> & \'c\' \\" \n &amp; é"';
    await change(sandbox, create(simple('t.sd.internal', 'TXT', value, '" x "')));
    const set = zone.list().find((one) => one.Type === 'TXT');
    expect(set?.ResourceRecords).toEqual([{ Value: value }, { Value: '" x "' }]);
  });

  test('is pending until it is in sync', async () => {
    const { world } = newZone();
    world.pendingReads = 1;
    const sandbox = await withSandbox(world, { now: () => 0 });
    const { ChangeInfo } = await change(sandbox, create(srv()));
    expect(ChangeInfo).toMatchObject({ Status: 'PENDING', SubmittedAt: new Date(0) });
    const statuses: (string | undefined)[] = [];
    for (const _ of range(2)) {
      const answer = await sandbox.route53.send(new GetChangeCommand({ Id: ChangeInfo?.Id }));
      statuses.push(answer.ChangeInfo?.Status);
    }
    expect(statuses).toEqual(['PENDING', 'INSYNC']);
  });
});

describe('a batch that is wrong', () => {
  const where = `[name='${NAME}', type='SRV', set-identifier='host:1']`;
  const worded = `RRSet with DNS name ${NAME}, type SRV, SetIdentifier host:1`;
  const bad = (fault: string, value: string) =>
    `Invalid Resource Record: 'FATAL problem: ${fault} encountered with '${value}''`;
  const other = srv({ SetIdentifier: 'other' });
  const { SetIdentifier: _identifier, Weight: _weight, ...plain } = srv();
  const cases: readonly [string, readonly SampleSet[], readonly Change[], readonly string[]][] = [
    [
      'deletes what is not there',
      [],
      [remove(srv())],
      [`Tried to delete resource record set ${where} but it was not found`],
    ],
    [
      'deletes a simple set that is not there',
      [],
      [remove(simple('a.sd.internal', 'A', '192.0.2.1'))],
      ["Tried to delete resource record set [name='a.sd.internal.', type='A'] but it was not found"],
    ],
    [
      'deletes with another TTL',
      [srv()],
      [remove(srv({ TTL: 1 }))],
      [
        `Tried to delete resource record set ${where} but the values provided do not match the current values`,
      ],
    ],
    [
      'deletes with another weight',
      [srv()],
      [remove(srv({ Weight: 2 }))],
      [
        `Tried to delete resource record set ${where} but the values provided do not match the current values`,
      ],
    ],
    [
      'deletes with another value',
      [srv()],
      [remove(srv({ ResourceRecords: [{ Value: '1 1 1 x' }] }))],
      [
        `Tried to delete resource record set ${where} but the values provided do not match the current values`,
      ],
    ],
    [
      'deletes without the health check',
      [srv({ HealthCheckId: 'h' })],
      [remove(srv())],
      [
        `Tried to delete resource record set ${where} but the values provided do not match the current values`,
      ],
    ],
    [
      'creates what is there',
      [srv()],
      [create(srv({ TTL: 5 }))],
      [`Tried to create resource record set ${where} but it already exists`],
    ],
    [
      'creates a simple set that is there',
      [simple('a.sd.internal', 'A', '192.0.2.1')],
      [create(simple('a.sd.internal', 'A', '192.0.2.1'))],
      ["Tried to create resource record set [name='a.sd.internal.', type='A'] but it already exists"],
    ],
    [
      'has several faults',
      [srv()],
      [remove(other), create(srv())],
      [
        `Tried to delete resource record set [name='${NAME}', type='SRV', set-identifier='other'] but it was not found`,
        `Tried to create resource record set ${where} but it already exists`,
      ],
    ],
    [
      'changes one set twice',
      [],
      [create(srv()), upsert(srv())],
      [`The request contains an invalid set of changes for a resource record set 'SRV ${NAME}'`],
    ],
    [
      'creates, then deletes',
      [],
      [create(srv()), remove(srv())],
      [`The request contains an invalid set of changes for a resource record set 'SRV ${NAME}'`],
    ],
    [
      'leaves the zone',
      [],
      [create(srv({ Name: 'a.elsewhere.' }))],
      ['RRSet with DNS name a.elsewhere. is not permitted in zone sd.internal.'],
    ],
    [
      'only ends like the zone',
      [],
      [create(srv({ Name: 'a.notsd.internal.' }))],
      ['RRSet with DNS name a.notsd.internal. is not permitted in zone sd.internal.'],
    ],
    [
      'puts a weighted set beside a simple one',
      [plain],
      [create(srv())],
      [`${worded} cannot be created as a non-weighted set exists with the same name and type.`],
    ],
    [
      'puts a simple set beside a weighted one',
      [srv()],
      [create(plain)],
      [
        `RRSet with DNS name ${NAME}, type SRV cannot be created as other RRSets exist with the same name and type.`,
      ],
    ],
    [
      'puts another TTL beside a weighted set',
      [other],
      [create(srv({ TTL: 60 }))],
      [`${worded} cannot be created as weighted sets must contain the same TTL.`],
    ],
    [
      'makes a 101st weighted set',
      range(100).map((i) => srv({ SetIdentifier: `s${i}` })),
      [create(srv())],
      [`Exceeded limit on number of weighted RRSets for ${NAME}, type SRV in this zone.`],
    ],
    [
      'makes a set of 401 values',
      [],
      [create(simple('a.sd.internal', 'A', ...range(401).map((i) => `10.0.${i >> 8}.${i & 255}`)))],
      ['Cannot have more than 400 records in a RRSet.'],
    ],
    [
      'repeats a value',
      [],
      [create(simple('a.sd.internal', 'A', '192.0.2.1', '192.0.2.1'))],
      ["Duplicate Resource Record: '192.0.2.1'"],
    ],
    [
      'has an SRV of three fields',
      [],
      [create(srv({ ResourceRecords: [{ Value: '1 1 host' }] }))],
      [bad("SRVRRDATANotFourFields (SRV record doesn't have 4 fields)", '1 1 host')],
    ],
    [
      'has an SRV port out of range',
      [],
      [create(srv({ ResourceRecords: [{ Value: '1 1 65536 host' }] }))],
      [bad('SRVRRDATAIllegalNumber (Value is not a 16-bit number)', '1 1 65536 host')],
    ],
    [
      'has an A that is no address',
      [],
      [create(simple('a.sd.internal', 'A', '1.2.3'))],
      [bad('ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)', '1.2.3')],
    ],
    [
      'has a TXT without quotes',
      [],
      [create(simple('a.sd.internal', 'TXT', 'bare'))],
      [bad('InvalidCharacterString (Value should be enclosed in quotation marks)', 'bare')],
    ],
    [
      'puts a CNAME beside another type',
      [simple('a.sd.internal', 'A', '192.0.2.1')],
      [create(simple('a.sd.internal', 'CNAME', 'b.example'))],
      [
        'RRSet of type CNAME with DNS name a.sd.internal. is not permitted as it conflicts with other records with the same DNS name in zone sd.internal.',
      ],
    ],
    [
      'puts another type beside a CNAME',
      [simple('a.sd.internal', 'CNAME', 'b.example')],
      [create(simple('a.sd.internal', 'TXT', '"x"'))],
      [
        'RRSet of type TXT with DNS name a.sd.internal. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone sd.internal.',
      ],
    ],
    [
      'puts a CNAME at the apex',
      [],
      [create(simple('sd.internal', 'CNAME', 'b.example'))],
      ['RRSet of type CNAME with DNS name sd.internal. is not permitted at apex in zone sd.internal.'],
    ],
  ];
  test.each(cases)('%s', async (_, before, changes, messages) => {
    const { world, zone } = newZone();
    for (const set of before) zone.put(set);
    const kept = zone.list();
    const sandbox = await withSandbox(world);
    // A change that would be right on its own must not be carried out either.
    const innocent = create(srv({ Name: '_innocent._tcp.sd.internal' }));
    expect(await failureOf(change(sandbox, innocent, ...changes))).toEqual({
      code: 'InvalidChangeBatch',
      status: 400,
      message: `[${messages.join(', ')}]`,
    });
    expect(zone.list()).toEqual(kept);
    expect(sandbox.server.log.at(-1)).toMatchObject({ status: 400, errorCode: 'InvalidChangeBatch' });
  });

  test('takes away what every zone must have', async () => {
    const { world, zone } = newZone();
    const apex = zone
      .list()
      .map(({ Name, Type, TTL, ResourceRecords = [] }) =>
        remove({ Name, Type: Type as RRType, TTL, ResourceRecords: [...ResourceRecords] }),
      );
    const sandbox = await withSandbox(world);
    expect((await failureOf(change(sandbox, ...apex))).message).toBe(
      '[A HostedZone must contain exactly one SOA record., A HostedZone must contain at least one NS record for the zone itself.]',
    );
  });

  test('has each message in an element of its own, when the server is told so', async () => {
    const { world } = newZone();
    const sandbox = await withSandbox(world, { batchErrorForm: 'modeled' });
    const body = `<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>DELETE</Action><ResourceRecordSet><Name>a.sd.internal</Name><Type>A</Type><TTL>1</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;
    const answer = await fetch(`${sandbox.server.url}/2013-04-01/hostedzone/Z1/rrset/`, {
      method: 'POST',
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(
      '<InvalidChangeBatch xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Messages><Message>Tried to delete resource record set [name=&#39;a.sd.internal.&#39;, type=&#39;A&#39;] but it was not found</Message></Messages><RequestId>',
    );
  });
});

describe('the limits of a batch', () => {
  const sets = (count: number) => range(count).map((i) => srv({ Name: `_s${i}._tcp.sd.internal` }));
  const ofLength = (length: number, i: number) =>
    simple(`t${i}.sd.internal`, 'TXT', `"${'x'.repeat(length - 2)}"`);
  const long = (count: number, length: number) => range(count).map((i) => ofLength(length, i));
  const RECORDS = 'Number of records limit of 1000 exceeded.';
  const CHARACTERS = 'RDATA character limit of 32000 exceeded.';
  const short = (count: number) => range(count).map((i) => simple(`a${i}.sd.internal`, 'A', '192.0.2.1'));
  const cases: readonly [string, readonly Change[], readonly string[]][] = [
    ['1,000 records', short(1000).map(create), []],
    ['1,001 records', short(1001).map(create), [RECORDS]],
    ['500 records upserted', short(500).map(upsert), []],
    ['501 records upserted', short(501).map(upsert), [RECORDS]],
    ['32,000 characters', long(128, 250).map(create), []],
    ['32,001 characters', [...long(127, 250), ofLength(251, 127)].map(create), [CHARACTERS]],
    ['16,000 characters upserted', long(64, 250).map(upsert), []],
    ['16,001 characters upserted', [...long(63, 250), ofLength(251, 63)].map(upsert), [CHARACTERS]],
    ['both too many', sets(1001).map(create), [RECORDS, CHARACTERS]],
  ];
  test.each(cases)('%s', async (_, changes, messages) => {
    const { world, zone } = newZone();
    const sandbox = await withSandbox(world);
    const message = messages.length === 0 ? 'the call succeeded' : `[${messages.join(', ')}]`;
    expect((await failureOf(change(sandbox, ...changes))).message).toBe(message);
    expect(zone.list()).toHaveLength(2 + (messages.length === 0 ? changes.length : 0));
  });

  test('a zone grows up to its quota, and may always shrink', async () => {
    const { world, zone } = newZone(4);
    zone.put(srv({ SetIdentifier: 'a' }));
    const sandbox = await withSandbox(world);
    await change(sandbox, create(srv({ SetIdentifier: 'b' })));
    const tooMany = change(sandbox, create(srv({ SetIdentifier: 'c' })));
    expect((await failureOf(tooMany)).message).toBe('[Exceeded limit MAX_RRSETS_BY_ZONE for zone: Z1]');
    await change(sandbox, remove(srv({ SetIdentifier: 'a' })), create(srv({ SetIdentifier: 'c' })));
    expect(identifiers(zone)).toEqual(['b', 'c']);
  });

  test('a zone with its 10,000 sets by default is full', async () => {
    const { world, zone } = newZone();
    for (const i of range(9998)) zone.put(srv({ Name: `_s${i}._tcp.sd.internal` }));
    const sandbox = await withSandbox(world);
    expect((await failureOf(change(sandbox, create(srv())))).code).toBe('InvalidChangeBatch');
  });
});

describe('input that no batch may have', () => {
  const { SetIdentifier: _identifier, ...anonymous } = srv();
  const { Weight: _weight, ...unrouted } = srv();
  const { TTL: _ttl, ...timeless } = srv();
  const cases: readonly [string, Change[], string][] = [
    ['no changes', [], 'Missing field Changes'],
    [
      'an unknown action',
      [{ Action: 'REPLACE' as 'CREATE', ResourceRecordSet: srv() }],
      "Value 'REPLACE' at 'changeBatch.changes.1.member.action'",
    ],
    ['an unknown type', [create(srv({ Type: 'XYZ' as 'SRV' }))], "Value 'XYZ'"],
    ['an empty identifier', [create(srv({ SetIdentifier: '' }))], 'have length from 1 to 128'],
    [
      'an identifier of 129 characters',
      [create(srv({ SetIdentifier: 'x'.repeat(129) }))],
      'have length from 1 to 128',
    ],
    ['a weight of 256', [create(srv({ Weight: 256 }))], "Value '256'"],
    ['a weight of -1', [create(srv({ Weight: -1 }))], "Value '-1'"],
    ['a TTL of 2^31', [create(srv({ TTL: 2_147_483_648 }))], "Value '2147483648'"],
    ['a TTL below 0', [create(srv({ TTL: -1 }))], 'tTL'],
    [
      'a value of 4,001 characters',
      [create(simple('t.sd.internal', 'TXT', 'x'.repeat(4001)))],
      'have length from 1 to 4000',
    ],
    [
      'a weight without identifier',
      [create(anonymous)],
      `Missing field 'SetIdentifier' in Change with [Action=CREATE, Name=${NAME}, Type=SRV, SetIdentifier=null]`,
    ],
    [
      'an identifier without routing',
      [create(unrouted)],
      'Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig], but found none',
    ],
    ['two routings', [create(srv({ Region: 'eu-west-1' }))], 'but found more than one'],
    [
      'no TTL',
      [create(timeless)],
      'Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none',
    ],
  ];
  test.each(cases)('%s', async (_, changes, text) => {
    const { world, zone } = newZone();
    const sandbox = await withSandbox(world);
    const failure = await failureOf(change(sandbox, ...changes));
    expect(failure).toMatchObject({ code: 'InvalidInput', status: 400 });
    expect(failure.message).toContain(text);
    expect(zone.list()).toHaveLength(2);
  });

  test.each([
    ['a document that is not well-formed', '<a><b></a>', 'InvalidInput'],
    ['another document', '<a/>', 'MalformedInput'],
  ])('%s', async (_, body, code) => {
    const { server } = await withSandbox(newZone().world);
    const answer = await fetch(`${server.url}/2013-04-01/hostedzone/Z1/rrset`, { method: 'POST', body });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining(`<Code>${code}</Code>`),
    ]);
  });
});

test('a zone that another service owns takes no changes', async () => {
  const world = createWorld();
  const Description = 'arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1';
  const linkedService = { ServicePrincipal: 'servicediscovery.amazonaws.com', Description };
  const zone = world.addHostedZone({ id: 'Z1', name: 'sd.internal', private: true, linkedService });
  zone.put(srv());
  const sandbox = await withSandbox(world);
  expect(await failureOf(change(sandbox, remove(srv())))).toEqual({
    code: 'AccessDenied',
    status: 403,
    message: `The resource hostedzone/Z1 can only be managed through AWS Cloud Map (${Description})`,
  });
  expect(identifiers(zone)).toEqual(['host:1']);
});
