import type { HostedZone } from '@aws-sdk/client-route-53';
import type { Change } from '../../../src/model/change.ts';
import { normalizeName } from '../../../src/model/dns-name.ts';
import { recordSetKey } from '../../../src/model/record-set.ts';
import { parseSetIdentifier } from '../../../src/model/set-identifier.ts';
import type { RecordCursor, Route53Api } from '../../../src/route53/route53-api.ts';
import { unit } from '../random.ts';
import { register } from '../world/agents.ts';
import { isRunning } from '../world/entities.ts';
import { isAtOrAfter, type ZoneStore } from '../world/zone-store.ts';
import { noAnswer, serviceError } from './errors.ts';
import type { Request, Session } from './session.ts';

/** Route 53 as one run meets it. */
export function fakeRoute53(session: Session): Route53Api {
  const { world } = session;
  const zoneOf = (id: string) => {
    const zone = world.zones.find((one) => one.id === id);
    if (zone === undefined)
      throw serviceError('NoSuchHostedZone', `No hosted zone found with ID: ${id}`, 404);
    return zone;
  };
  return {
    getZone: (id, signal) => session.call('route53:GetHostedZone', signal, () => described(zoneOf(id))),
    listZonesFrom: (name, id, signal) =>
      session.call('route53:ListHostedZonesByName', signal, () => zonesFrom(world.zones, name, id)),
    listRecordSets: (zoneId, from, signal) =>
      session.call('route53:ListResourceRecordSets', signal, () => {
        const page = pageFrom(zoneOf(zoneId), from, world.history.setup.zonePageSize);
        session.show(page.recordSets);
        return page;
      }),
    changeRecordSets: (zoneId, changes) => {
      const { journal } = session;
      return session.call('route53:ChangeResourceRecordSets', undefined, (call) =>
        carryOut(zoneOf(zoneId), { changes, journaled: journal }, session, call),
      );
    },
  };
}

function carryOut(
  zone: ZoneStore,
  { changes, journaled }: Pick<Request, 'changes' | 'journaled'>,
  session: Session,
  call: number,
): void {
  const operation = 'route53:ChangeResourceRecordSets';
  const { world } = session;
  const replyLost = session.meets('lost-reply', operation, call);
  const poison = session
    .faults('poison', operation, call)
    .find(({ salt }) => changes.some((one) => isPoison(one, salt)));
  session.isDisturbed ||= poison !== undefined;
  if (poison !== undefined) throw serviceError('InvalidInput', 'Invalid Resource Record', 400);
  raceWithAgents(changes, session, call);
  raceWithHands(changes, session, call);
  const writesFrom = zone.writes.length;
  const problems = zone.change(changes, session.number, world.now);
  const carriedOut = problems.length === 0;
  session.requests.push({
    changes,
    journaled,
    carriedOut,
    replyLost,
    writesFrom,
    writesTo: zone.writes.length,
  });
  session.onRequest(zone);
  if (replyLost)
    throw session.chance(call, 8) < 0.5
      ? serviceError('ServiceUnavailable', 'no', 503)
      : noAnswer(session.chance(call, 9));
  if (!carriedOut) throw serviceError('InvalidChangeBatch', `[${problems.join(', ')}]`, 400);
}

/** The agents of what is about to be created write the very same at the very same time. */
function raceWithAgents(changes: readonly Change[], session: Session, call: number): void {
  const { world } = session;
  for (const [index, { action, recordSet }] of changes.entries()) {
    const owner = parseSetIdentifier(recordSet.SetIdentifier);
    const task = action === 'CREATE' && owner ? world.taskOf(owner.containerId) : undefined;
    const isMet = task !== undefined && isRunning(task, world.now);
    if (isMet && session.chance(call, 200 + index) < world.raceRate) register(task, world);
  }
}

/** Somebody changes by hand what is about to go: its weight, or its TTL where no other set shares it. */
function raceWithHands(changes: readonly Change[], session: Session, call: number): void {
  const { world } = session;
  for (const [index, { action, recordSet }] of changes.entries()) {
    const there = action === 'DELETE' ? world.zone.get(recordSetKey(recordSet)) : undefined;
    if (there?.Weight === undefined || session.chance(call, 400 + index) >= world.raceRate / 4) continue;
    const changed = { ...there, TTL: (there.TTL ?? 0) + 7 };
    const refusal = world.zone.offer(changed, 'other', world.now);
    if (refusal !== undefined)
      world.zone.put({ ...there, Weight: (there.Weight % 9) + 1 }, 'other', world.now);
  }
}

/** One set in eight makes every batch that it travels in fail. */
function isPoison({ recordSet }: Change, salt: number): boolean {
  const text = recordSetKey(recordSet);
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum = (sum * 31 + text.charCodeAt(index)) | 0;
  return unit(salt, sum) < 0.125;
}

function pageFrom(zone: ZoneStore, from: RecordCursor, size: number) {
  const rest = zone.all().filter((set) => isAtOrAfter(set, from));
  const first = rest[size];
  const next = first && { name: first.Name, type: first.Type, setIdentifier: first.SetIdentifier };
  return { recordSets: rest.slice(0, size), next };
}

function zonesFrom(zones: readonly ZoneStore[], name: string | undefined, id: string | undefined) {
  const order = (zone: string) => normalizeName(zone).split('.').toReversed().join('.');
  const sorted = zones.toSorted((a, b) => {
    const [left, right] = [`${order(a.name)} ${a.id}`, `${order(b.name)} ${b.id}`];
    return left < right ? -1 : 1;
  });
  const rest = sorted.filter((zone) => {
    const [own, wanted] = [order(zone.name), order(name ?? '')];
    return own > wanted || (own === wanted && (id === undefined || zone.id >= id));
  });
  const after = rest[1];
  return { zones: rest.slice(0, 1).map(described), next: after && { name: after.name, id: after.id } };
}

function described(zone: ZoneStore): HostedZone {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: 'simulation',
    Config: { PrivateZone: zone.isPrivate },
  };
}
