import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import type { Random } from '../random.ts';
import { PORT_POOL } from './ports.ts';
import type { World } from './world.ts';

/** Another tool writes a record of its own into the zone, most of them to places where nothing runs. */
export function writeForeign(world: World, random: Random): void {
  const set = foreignSet(world, random);
  const refusal = world.zone.offer(set, 'other', world.now);
  if (refusal === undefined) world.zone.foreignKeys.add(recordSetKey(set));
}

function foreignSet(world: World, random: Random): RecordSet {
  const { zone, history } = world;
  const number = random.int(4);
  const domain = random.pick(['ec2.internal', zone.name]);
  const srv = { Value: `1 1 ${random.pick(PORT_POOL)} ip-10-0-1-${random.between(10, 16)}.${domain}` };
  const kinds: readonly (() => RecordSet)[] = [
    () => ({
      Name: `note-${number}.${zone.name}`,
      Type: 'TXT',
      TTL: 60,
      ResourceRecords: [{ Value: '"x"' }],
    }),
    () => ({
      Name: `old-${number}.${zone.name}`,
      Type: 'CNAME',
      TTL: 60,
      ResourceRecords: [{ Value: 'gone.example.' }],
    }),
    () => ({
      Name: `box-${number}.${zone.name}`,
      Type: 'A',
      TTL: 60,
      ResourceRecords: [{ Value: '10.0.1.77' }],
    }),
    () => ({ Name: zone.name, Type: 'SRV', TTL: 60, ResourceRecords: [srv] }),
    () => ({
      Name: `lb-${number}.${zone.name}`,
      Type: 'A',
      AliasTarget: { HostedZoneId: 'Z2', DNSName: 'lb.example.', EvaluateTargetHealth: false },
    }),
  ];
  if (history.setup.settings.manage === 'zone') return random.pick(kinds)();
  const unweighted = () => ({
    Name: `legacy-${number}.${zone.name}`,
    Type: 'SRV',
    TTL: 60,
    ResourceRecords: [srv],
  });
  const service = random.pick(history.setup.services);
  const Name = `${service.name}.${zone.name}`;
  // Who shares a name has to share its TTL.
  const beside = zone.all().find((set) => set.Name === Name && set.Type === 'SRV');
  const otherwise = () => ({
    Name,
    Type: 'SRV',
    SetIdentifier: `blue-${number}`,
    Weight: 1,
    TTL: beside?.TTL ?? 0,
    ResourceRecords: [srv],
  });
  const own = service.pooled ? [unweighted] : [unweighted, otherwise, otherwise];
  return random.pick([...kinds, ...own])();
}
