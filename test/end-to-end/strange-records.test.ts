import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { addService, newFleet, openWorker, serve, without } from './support.ts';

const HOST = 'ip-127-60-0-1.ec2.internal';
const DEAD = 'd'.repeat(64);
const VALUE = `1 1 29999 ${HOST}`;
const ZONE = 'servicediscovery.internal.';

/** The set of a container that is long gone: it would be stale, were it not for what makes it strange. */
function deadSet(strange: Partial<RecordSet>): RecordSet {
  return {
    Name: `_strange._tcp.${ZONE}`,
    Type: 'SRV',
    SetIdentifier: `${HOST}:${DEAD}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: VALUE }],
    ...strange,
  };
}

function values(...texts: readonly string[]): Pick<RecordSet, 'ResourceRecords'> {
  return { ResourceRecords: texts.map((Value) => ({ Value })) };
}

/** A fleet with a good and a stale entry, and the strange set; planted past every check of Route 53. */
async function fleetWith(set: RecordSet) {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 1 });
  fleet.zone.put(set);
  return { fleet, staleSets, before: fleet.zone.list(), server: await serve(fleet.world) };
}

const ALIAS = { HostedZoneId: 'Z35SXDOTRQ7X7K', DNSName: 'lb.example.com.', EvaluateTargetHealth: false };

interface Strange {
  readonly what: string;
  readonly set: RecordSet;
  readonly verdict: 'foreign' | 'unverified';
  readonly reason: string;
}

const FOREIGN: readonly Strange[] = [
  ...[
    'blue',
    HOST,
    `:${DEAD}`,
    `${HOST}:`,
    `${HOST}:dead`,
    `${HOST}:${DEAD}:1`,
    `a b:${DEAD}`,
    `${HOST}:${DEAD.toUpperCase()}`,
  ].map((SetIdentifier) =>
    foreign(`the set identifier ${SetIdentifier}`, { SetIdentifier }, 'set-identifier'),
  ),
  foreign('an apex SRV set', { Name: ZONE }, 'apex'),
  foreign('another type', { Type: 'TXT', ...values('"x"') }, 'record-type'),
  foreign("an A set that is no host's", { Type: 'A', ...values('10.0.0.1') }, 'record-type'),
  foreign('an A set named for another host', hostSet('ip-10-0-0-2'), 'record-type'),
  ...[{ Region: 'us-east-1' }, { Failover: 'PRIMARY' }, { MultiValueAnswer: true }].map((routing) =>
    foreign(`routing by ${Object.keys(routing)[0]}`, { Weight: undefined, ...routing }, 'not-weighted'),
  ),
  foreign('an alias', { TTL: undefined, ResourceRecords: undefined, AliasTarget: ALIAS }, 'alias'),
  foreign('a traffic policy', { TrafficPolicyInstanceId: 'policy-1' }, 'traffic-policy'),
];

const MALFORMED: readonly Strange[] = [
  ...['', '1 1 29999', '1 1 port host', `1 1 0 ${HOST}`, `1 1 70000 ${HOST}`, `-1 1 1 ${HOST}`].map(
    unverified,
  ),
  ...[`1 1 29999 ${HOST} extra`, '1 1 29999 .', `1 1 2.5 ${HOST}`].map(unverified),
];

/** Names that Route 53 has to escape: no agent names a service so. */
const ESCAPED: readonly Strange[] = [
  '\\052._tcp',
  '_a\\100b._tcp',
  '_a\\040b._tcp',
  '_caf\\303\\251._tcp',
].map((name) => ({
  what: `the escaped name ${name}`,
  set: deadSet({ Name: `${name}.${ZONE}` }),
  verdict: 'unverified',
  reason: 'escaped-name',
}));

function foreign(what: string, strange: Partial<RecordSet>, reason: string): Strange {
  return { what, set: deadSet(strange), verdict: 'foreign', reason };
}

function hostSet(label: string): Partial<RecordSet> {
  return { Name: `${label}.${ZONE}`, Type: 'A', SetIdentifier: HOST, ...values('10.0.0.2') };
}

function unverified(value: string): Strange {
  const set = deadSet(values(value));
  return {
    what: `the value ${JSON.stringify(value)}`,
    set,
    verdict: 'unverified',
    reason: 'malformed-value',
  };
}

describe('left alone, and reported as what it is', () => {
  test.each([...FOREIGN, ...MALFORMED, ...ESCAPED])('$what', async ({ set, verdict, reason }) => {
    const { fleet, staleSets, before, server } = await fleetWith(set);

    const { entries } = await openWorker(server).apply();

    const found = entries.filter(
      ({ name, type, setIdentifier }) =>
        name === set.Name && type === set.Type && setIdentifier === set.SetIdentifier,
    );
    expect(found).toMatchObject([{ verdict, reason }]);
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });
});

describe('stale for all its strangeness, and removed exactly as it was read', () => {
  test.each<{ what: string; set: RecordSet }>([
    { what: 'a health check', set: deadSet({ HealthCheckId: 'abcdef11-2222-3333-4444-555555fedcba' }) },
    { what: 'a weight of none', set: deadSet({ Weight: 0 }) },
    { what: 'another weight and a TTL', set: deadSet({ Weight: 255, TTL: 2_147_483_647 }) },
    { what: 'a trailing dot at the target', set: deadSet(values(`${VALUE}.`)) },
    { what: 'a target in upper case', set: deadSet(values(VALUE.toUpperCase())) },
    {
      what: 'an identifier whose host is in upper case',
      set: deadSet({ SetIdentifier: `${HOST.toUpperCase()}:${DEAD}` }),
    },
    { what: 'a short container id', set: deadSet({ SetIdentifier: `${HOST}:${DEAD.slice(0, 12)}` }) },
    { what: 'blanks between the fields', set: deadSet(values(`1  1\t29999  ${HOST}`)) },
    { what: 'several values', set: deadSet(values(VALUE, `1 1 29998 ${HOST}`)) },
  ])('$what', async ({ set }) => {
    const { fleet, staleSets, before, server } = await fleetWith(set);

    const { summary } = await openWorker(server).apply();

    expect(summary).toMatchObject({ conflicts: 0, failed: 0 });
    expect(fleet.zone.list()).toEqual(without(before, [...staleSets, set]));
  });

  test('a batch with an identifier full of punctuation that is in conflict goes again without it', async () => {
    const set = deadSet({ SetIdentifier: "it's ['by', hand], type='SRV'" });
    const { fleet, staleSets, before, server } = await fleetWith(set);

    const { summary } = await openWorker(server, { '--manage': 'zone' }).apply({
      approve: async () => {
        fleet.zone.put({ ...set, ...values('1 1 20999 ip-127-60-0-1.ec2.internal') });
        return true;
      },
    });

    expect(summary).toMatchObject({ applied: 1, conflicts: 1 });
    expect(server.counts()['route53:ChangeResourceRecordSets']).toBe(2);
    expect(fleet.zone.list()).toHaveLength(before.length - staleSets.length);
  });
});

describe('text that would play tricks on a terminal', () => {
  test('does not stop a run, and its set is left alone', async () => {
    const set = deadSet({ SetIdentifier: 'x\u001b[2J\u202e', ...values('1 1 1 \u001b[31mhost') });
    const { fleet, staleSets, before, server } = await fleetWith(set);

    await openWorker(server).apply();

    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });
});
