import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { runHere } from '../cli/support.ts';
import { addService, newFleet, serve, without, ZONE_NAME } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

interface Line {
  zone: { id: string; name: string };
  recordSet: RecordSet;
  replacedBy?: RecordSet;
}

/** A zone from which two entries went, and a restoring of the journal after an operator has edited its first line. */
async function restoredAfter(edit: (line: Line, live: RecordSet) => void, args: readonly string[] = []) {
  const fleet = newFleet();
  const { liveSets, staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const server = await serve(fleet.world);
  const state = await temporaryDirectory();
  const ecsDns = (command: readonly string[]) =>
    runHere(command, server.url, { env: { ECS_DNS_JOURNAL: state } });
  await ecsDns(['apply', '--yes', '--zone', ZONE_NAME, '--no-health-enabled']);
  const path = join(state, (await readdir(state))[0] ?? '');
  const [first = '', ...rest] = (await readFile(path, 'utf8')).split('\n');
  const line: Line = JSON.parse(first);
  const [live, , , other] = liveSets;
  if (live === undefined || other === undefined) throw new TypeError('too few sets');
  edit(line, live);
  await writeFile(path, [JSON.stringify(line), ...rest].join('\n'));
  const after = fleet.zone.list();
  const result = await ecsDns(['restore', path, '--yes', ...args]);
  return { zone: fleet.zone, after, second: staleSets[1], result };
}

describe('a line of a journal that no run can have written is refused, and the others come back', () => {
  test.each<[string, (line: Line, live: RecordSet) => void, string]>([
    [
      'a live set as what was left, with other values in its place',
      (line, live) => {
        line.recordSet = { ...live, ResourceRecords: [{ Value: '1 1 666 evil.example.com' }] };
        line.replacedBy = live;
      },
      'it would take away what is there, which no run left of it',
    ],
    [
      'a live set as what was left, without its weight',
      (line, live) => {
        line.recordSet = { ...live, Weight: 0 };
        line.replacedBy = live;
      },
      'it would take away what is there, which no run left of it',
    ],
    [
      'a name of another zone',
      (line) => {
        line.recordSet = { ...line.recordSet, Name: '_orders._tcp.example.com.' };
      },
      `its name is not below ${ZONE_NAME}`,
    ],
    [
      'name servers of the zone',
      (line) => {
        line.recordSet = {
          Name: `${ZONE_NAME}.`,
          Type: 'NS',
          TTL: 1,
          ResourceRecords: [{ Value: 'ns.evil.' }],
        };
      },
      'it is of the zone itself, which no run removes',
    ],
    [
      'the delegation of a name',
      (line) => {
        line.recordSet = { ...line.recordSet, Type: 'NS' };
      },
      'no run removes NS sets of that name and identifier',
    ],
    [
      'an alias',
      (line) => {
        const AliasTarget = { HostedZoneId: 'Z1', DNSName: 'evil.', EvaluateTargetHealth: false };
        line.recordSet = { ...line.recordSet, AliasTarget };
      },
      'it is an alias, which no run removes',
    ],
    [
      'a plain A record',
      (line) => {
        line.recordSet = {
          Name: `www.${ZONE_NAME}.`,
          Type: 'A',
          TTL: 1,
          ResourceRecords: [{ Value: '192.0.2.1' }],
        };
      },
      'no run removes A sets of that name and identifier',
    ],
  ])('%s', async (_, edit, refusal) => {
    const { zone, after, second, result } = await restoredAfter(edit);

    expect(result.code).toBe(3);
    expect(result.stdout).toContain('Refused: 1 record set, removed ');
    expect(result.stdout).toContain(`  x ${refusal}`);
    expect(zone.list()).toHaveLength(after.length + 1);
    expect(second === undefined ? [] : without(zone.list(), [second])).toEqual(after);
  });

  test('and a document tells it', async () => {
    const { result } = await restoredAfter(
      (line) => {
        line.recordSet = { ...line.recordSet, Type: 'MX' };
      },
      ['--output', 'json'],
    );

    expect(JSON.parse(result.stdout)).toMatchObject({
      summary: { refused: 1, restored: 1 },
      sets: expect.arrayContaining([
        expect.objectContaining({ state: 'refused', detail: expect.stringContaining('no run removes MX') }),
      ]),
    });
  });
});

test('a journal of a zone by another name is no journal of this zone', async () => {
  const { zone, after, result } = await restoredAfter((line) => {
    line.zone = { ...line.zone, name: 'other.internal.' };
  });

  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(/^ecs-dns: zone: the settings name [^\n]*\(other\.internal\.\)[^\n]*\n$/);
  expect(zone.list()).toEqual(after);
});
