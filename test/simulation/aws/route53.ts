import type { Route53Client } from '@aws-sdk/client-route-53';
import type { Change } from '../../../src/model/change.ts';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import { parseSetIdentifier } from '../../../src/model/set-identifier.ts';
import { type Route53Api, route53Api } from '../../../src/route53/route53-api.ts';
import { route53Service } from '../../../src/sandbox/route53/route53-service.ts';
import type { Json } from '../../../src/sandbox/service.ts';
import type { Fault, Operation } from '../history.ts';
import { unit } from '../random.ts';
import { register } from '../world/agents.ts';
import { isRunning } from '../world/entities.ts';
import type { RequestedChange, ZoneStore } from '../world/zone-store.ts';
import { noAnswer, serviceError } from './errors.ts';
import { type Asked, inSdkWords, sdkClient } from './sdk-client.ts';
import type { Session } from './session.ts';

/** Route 53 as one run meets it. */
export function route53Of(session: Session): Route53Api {
  const answered = (asked: Asked) => answer(asked, session);
  const client = sdkClient(session, route53Service, answered) as unknown as Route53Client;
  return route53Api(client, client);
}

function answer(asked: Asked, session: Session): Json {
  const { operation, input, carryOut } = asked;
  const { account, history, zones } = session.world;
  if (operation === 'route53:ListHostedZonesByName') return carryOut(account, { ...input, MaxItems: 1 });
  if (operation === 'route53:ListResourceRecordSets') {
    const page = carryOut(account, { ...input, MaxItems: history.setup.zonePageSize });
    session.show(page['ResourceRecordSets'] as readonly RecordSet[]);
    return page;
  }
  if (operation === 'route53:GetChange') return changeStatus(String(input['Id']), session.world.now);
  if (operation === 'route53:GetHostedZone' && history.setup.isZoneDenied === true)
    throw serviceError('AccessDenied', 'not authorized to perform: route53:GetHostedZone', 403);
  const zone = zones.find(({ id }) => id === input['HostedZoneId']);
  if (operation !== 'route53:ChangeResourceRecordSets' || zone === undefined) return carryOut(account);
  change(zone, asked, session);
  return changeInfo(session.world.now, 'PENDING');
}

/** A change is known by when it was made: so long after that every name server answers by it. */
export const PROPAGATION_MS = 45_000;

function changeInfo(madeAt: number, Status: 'PENDING' | 'INSYNC'): Json {
  return { ChangeInfo: { Id: `/change/C${madeAt}`, Status } };
}

function changeStatus(id: string, now: number): Json {
  const madeAt = Number(id.slice(1));
  return changeInfo(madeAt, now < madeAt + PROPAGATION_MS ? 'PENDING' : 'INSYNC');
}

function change(
  zone: ZoneStore,
  { operation, input, call, journaled, sentAt }: Asked,
  session: Session,
): void {
  const { world } = session;
  const { Changes } = input['ChangeBatch'] as { readonly Changes: readonly RequestedChange[] };
  const changes = Changes.map(({ Action, ResourceRecordSet }) => ({
    action: Action as Change['action'],
    recordSet: ResourceRecordSet,
  }));
  const replyLost = session.meets('lost-reply', operation, call);
  const poison = session
    .faults('poison', operation, call)
    .find((fault) => changes.some((one) => isPoison(one, fault)));
  session.isDisturbed ||= poison !== undefined;
  if (poison !== undefined) {
    session.refused.push(...changes);
    throw serviceError('InvalidInput', 'Invalid Resource Record', 400);
  }
  raceWithAgents(changes, session, call);
  raceWithHands(changes, session, call);
  const writesFrom = zone.writes.length;
  const rejection = rejectionOf(session, operation, () =>
    zone.change(Changes, session.isAgent ? 'agent' : session.number, world.now),
  );
  const carriedOut = rejection === undefined;
  const writesTo = zone.writes.length;
  session.requests.push({ changes, journaled, sentAt, carriedOut, replyLost, writesFrom, writesTo });
  session.onRequest(zone);
  if (replyLost)
    throw session.chance(call, 8) < 0.5
      ? serviceError('ServiceUnavailable', 'no', 503)
      : noAnswer(session.chance(call, 9));
  if (rejection !== undefined) throw rejection;
}
function rejectionOf(session: Session, operation: Operation, act: () => void): Error | undefined {
  try {
    inSdkWords(session, operation, act);
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
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

/** An operator changes by hand what is about to go: its weight, or its TTL where no other set shares it. */
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

/** One set in eight makes every batch that it travels in fail, or half of those that are created. */
function isPoison({ action, recordSet }: Change, { salt, isOfCreations = false }: Fault): boolean {
  if (isOfCreations && action !== 'CREATE') return false;
  const text = recordSetKey(recordSet);
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum = (sum * 31 + text.charCodeAt(index)) | 0;
  return unit(salt, sum) < (isOfCreations ? 0.5 : 0.125);
}
