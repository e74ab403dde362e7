import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { Report } from '../../../src/report/report-schema.ts';
import { checkRegistered } from '../../../src/sandbox/fleet/check-registered.ts';
import type { Planted } from '../../../src/sandbox/fleet/planted.ts';
import { type Registrable, registrableValues } from '../../../src/sandbox/fleet/registrable.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';

const ZONE = 'discovery.internal';
const NAME = `_calc._tcp.${ZONE}.`;

function srv(index: number, fields: Partial<RecordSet> = {}): RecordSet {
  const host = `ip-10-0-0-${index}.ec2.internal`;
  return {
    Name: NAME,
    Type: 'SRV',
    SetIdentifier: `${host}:00000000000${index}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: `1 1 8080 ${host}` }],
    ...fields,
  };
}

const NOTE: RecordSet = {
  Name: `notes.${ZONE}.`,
  Type: 'TXT',
  TTL: 300,
  ResourceRecords: [{ Value: '"kept by hand"' }],
};

function placesOf(set: RecordSet): readonly Pick<Registrable, 'name' | 'type' | 'value'>[] {
  return registrableValues(set, { fate: 'registered' }).map(({ name, type, value }) => ({
    name,
    type,
    value,
  }));
}

function withheld(set: RecordSet, reason: string): Report['withheld'] {
  return placesOf(set).map((place) => ({ ...place, reason, detail: '', evidence: {} }));
}

interface Case {
  readonly expected: readonly Registrable[];
  readonly found: readonly RecordSet[];
  readonly reported?: Report['withheld'];
}

/** What is said of a zone that has these sets, and one of other people. */
function complaints({ expected, found, reported = [] }: Case): readonly string[] {
  const zone = createWorld().addHostedZone({ name: ZONE });
  const apex = zone.list();
  for (const set of [...found, NOTE]) zone.put(set);
  const planted = [...apex, NOTE]
    .flatMap(placesOf)
    .map((place): Planted => ({ ...place, expected: 'foreign', reason: 'record-type' }));
  return checkRegistered({ registrable: expected, planted, zone }, { withheld: reported });
}

const REGISTERED = registrableValues(srv(1), { fate: 'registered' });
const FAILING = registrableValues(srv(2), { fate: 'withheld', reason: 'http-status' });

describe('what was registered', () => {
  test.each<[string, Case]>([
    ['everything healthy', { expected: REGISTERED, found: [srv(1)] }],
    [
      'a value whose set nobody knows to the letter',
      {
        expected: placesOf(srv(1)).map((one) => ({ ...one, fate: 'registered' })),
        found: [srv(1, { TTL: 60 })],
      },
    ],
    [
      'nothing that fails, with the reason',
      { expected: [...REGISTERED, ...FAILING], found: [srv(1)], reported: withheld(srv(2), 'http-status') },
    ],
  ])('is right where the zone has %s', (_, given) => {
    expect(complaints(given)).toEqual([]);
  });

  const PLACE_1 = `${NAME} SRV 1 1 8080 ip-10-0-0-1.ec2.internal`;
  const PLACE_2 = `${NAME} SRV 1 1 8080 ip-10-0-0-2.ec2.internal`;

  test.each<[string, Case, readonly (string | RegExp)[]]>([
    [
      'lacks a healthy value',
      { expected: REGISTERED, found: [] },
      [`${PLACE_1}: not in the zone, although it can be registered`],
    ],
    [
      'lacks one that was withheld',
      { expected: REGISTERED, found: [], reported: withheld(srv(1), 'timeout') },
      [
        `${PLACE_1}: withheld (timeout), although it can be registered`,
        `${PLACE_1}: withheld, and not to be`,
      ],
    ],
    [
      'has another set',
      { expected: REGISTERED, found: [srv(1, { TTL: 60 })] },
      [/^_calc.*: in the zone as .*"TTL":60.*, not as .*"TTL":0/],
    ],
    [
      'has a value twice',
      {
        expected: placesOf(srv(1)).map((one) => ({ ...one, fate: 'registered' })),
        found: [srv(1), srv(1, { SetIdentifier: 'other' })],
      },
      [`${PLACE_1}: in the zone more than once`],
    ],
    [
      'has what fails',
      { expected: FAILING, found: [srv(2)] },
      [`${PLACE_2}: in the zone, not withheld (http-status)`, `${PLACE_2}: in the zone, and not to be`],
    ],
    [
      'has what fails, although that is reported',
      { expected: FAILING, found: [srv(2)], reported: withheld(srv(2), 'http-status') },
      [`${PLACE_2}: in the zone, and not to be`],
    ],
    [
      'has what nobody knows of',
      { expected: [], found: [srv(1)] },
      [`${PLACE_1}: in the zone, and not to be`],
    ],
    [
      'lacks what fails, for another reason',
      { expected: FAILING, found: [], reported: withheld(srv(2), 'timeout') },
      [`${PLACE_2}: withheld (timeout), not withheld (http-status)`],
    ],
    [
      'lacks what fails, without a word',
      { expected: FAILING, found: [] },
      [`${PLACE_2}: not in the zone, not withheld (http-status)`],
    ],
    [
      'lacks what has not started, with a reason',
      { expected: [], found: [], reported: withheld(srv(1), 'task-starting') },
      [`${PLACE_1}: withheld, and not to be`],
    ],
  ])('is wrong where the zone %s', (_, given, lines) => {
    expect(complaints(given)).toEqual(
      lines.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))),
    );
  });
});
