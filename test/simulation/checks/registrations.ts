import { normalizeName } from '../../../src/model/dns-name.ts';
import { isSameRecordSet, type RecordSet, recordSetKey, valuesOf } from '../../../src/model/record-set.ts';
import type { Session } from '../aws/session.ts';
import { MINUTE } from '../history.ts';
import type { DiscoverySpec } from '../registry-setup.ts';
import { addressSet } from '../world/address-set.ts';
import { isAlive, type SimHost, type SimTask } from '../world/entities.ts';
import { nameTask } from '../world/world.ts';
import type { Write } from '../world/zone-store.ts';
import { judgementOf, probeKeyOf, probeKeysOf } from './judgements.ts';
import { isCalled, isOfTask, isOnward, type TrueEntry, targetOf, trueEntries } from './truth.ts';
import type { Report } from './violation.ts';

/** What ECS describes may be so old, and so long may a process have ended before ECS says so. */
const LATE_MS = 5_000;
const NOTICE_MS = 10_000;

/** Holds a set that a run has just created against the world, the agents' form, and what was there. */
export function checkCreation({ key, after }: Write, session: Session, report: Report): void {
  if (after === undefined) return;
  if (!session.syncs) {
    report('addition', `${key} is new`);
    return;
  }
  if (after.Type === 'A' && !isOfTask(after)) checkAddress(after, session, report);
  else checkService(after, session, report);
  const planned = session.preview?.plan.registrations ?? [];
  const isPlanned = planned.some(({ desired }) => recordSetKey(desired.recordSet) === key);
  if (!isPlanned) report('addition', `${key} is new, and was not to be registered`);
}

function checkService(set: RecordSet, session: Session, report: Report): void {
  const [entry, ...others] = trueEntries(set, session.world);
  const task = entry?.owner;
  if (entry === undefined || task === undefined || others.length > 0) {
    report('form', `${recordSetKey(set)} is no set of one port of a container`);
    return;
  }
  checkSingle(entry, task, session, report);
  if (set.Type === 'A') checkAddressForm(entry, task, session, report);
  else checkForm(entry, task, session, report);
  checkName(entry, task, session, report);
  checkSoundness(entry, task, session, report);
  checkPlace(entry, task, session, report);
}

function checkAddress(set: RecordSet, session: Session, report: Report): void {
  const { world, startedAt } = session;
  const named = world.hosts.filter((one) => isCalled(one, set.SetIdentifier));
  const host = named.find(isAlive) ?? named.at(-1);
  const forms = host === undefined ? [] : spellings(host).map(addressSet);
  const ttls = ttlsOf(set, undefined, session);
  if (!forms.some((form) => ttls.some((TTL) => isExactly(set, { ...form, TTL }))))
    report('form', `${recordSetKey(set)} is no host's`);
  const diedAt = host?.diedAt ?? Number.POSITIVE_INFINITY;
  if (diedAt < startedAt - LATE_MS && !session.isDisturbed)
    report('unsound', `${recordSetKey(set)}: the host has died before the run`);
}

/** Byte for byte what the agent of that host writes, but for what the service asks for. */
export function checkForm(
  { set, service, port }: TrueEntry,
  task: SimTask,
  session: Session,
  report: Report,
): void {
  const { overrides = {} } = task.service;
  const names = task.host === undefined ? [] : spellings(task.host).map(({ name }) => name);
  const hostNames = task.interfaceName === undefined ? names : [task.interfaceName];
  const discovery = session.world.cloudMap?.named(service);
  const ttls = ttlsOf(set, discovery?.ttl ?? overrides.ttl, session);
  const pairs = hostNames.flatMap((host) => ttls.map((TTL) => ({ host, TTL })));
  const forms = pairs.flatMap(({ host, TTL }): readonly RecordSet[] => {
    const own = `${host}:${task.containerId}`;
    // Of two ports of one name the worker tells the second by its number.
    const second = `ecs-dns:${own}/${port}`;
    // What is taken by a set that leads elsewhere, it cannot have.
    const isShared = task.ports.length > 1 || task.host?.spec.onward !== undefined;
    const isSecond = isShared && set.SetIdentifier === second;
    const head = { Name: `${service}.${session.world.zone.name}`, Type: 'SRV', TTL } as const;
    const Value = `${overrides.priority ?? 1} ${overrides.weight ?? 1} ${port} ${host}`;
    return routingsOf(set, discovery, session).map((routing) =>
      routing === 'MULTIVALUE'
        ? { ...head, SetIdentifier: second, MultiValueAnswer: true, ResourceRecords: [{ Value }] }
        : {
            ...head,
            SetIdentifier: isSecond ? second : own,
            Weight: overrides.weight ?? 1,
            ResourceRecords: [{ Value }],
          },
    );
  });
  if (!forms.some((form) => isExactly(set, form)))
    report('form', `${JSON.stringify(set)} is to be ${JSON.stringify(forms[0])}`);
}

/** The address of a task's own interface, as its registry asks for it. */
function checkAddressForm(
  { set, service }: TrueEntry,
  task: SimTask,
  session: Session,
  report: Report,
): void {
  const { cloudMap, zone } = session.world;
  const discovery = cloudMap?.named(service);
  const ttls = ttlsOf(set, discovery?.ttl, session);
  const forms = routingsOf(set, discovery, session).flatMap((routing) =>
    ttls.map(
      (TTL): RecordSet => ({
        Name: `${service}.${zone.name}`,
        Type: 'A',
        SetIdentifier: set.SetIdentifier,
        ...(routing === 'MULTIVALUE'
          ? { MultiValueAnswer: true }
          : { Weight: task.service.overrides?.weight ?? 1 }),
        TTL,
        ResourceRecords: [{ Value: task.address }],
      }),
    ),
  );
  if (!forms.some((form) => isExactly(set, form)))
    report('form', `${JSON.stringify(set)} is to be ${JSON.stringify(forms[0])}`);
}

/** As the registry asks for it, or as what the name has. */
function routingsOf(
  set: RecordSet,
  discovery: DiscoverySpec | undefined,
  { shown }: Session,
): readonly DiscoverySpec['routing'][] {
  const beside = [...shown.values()].flat().filter((one) => isBeside(one, set));
  const kinds = beside.map(({ MultiValueAnswer }) =>
    MultiValueAnswer === true ? ('MULTIVALUE' as const) : ('WEIGHTED' as const),
  );
  return [...new Set([discovery?.routing ?? 'WEIGHTED', ...kinds])];
}

/**
 * No container gets a name that neither its metadata nor a registry gives it. ECS does not tell the registries of an earlier
 * deployment: of those the zone alone can know, by what it has of the container under another name.
 */
function checkName({ service, port, set }: TrueEntry, task: SimTask, session: Session, report: Report): void {
  const isPort = task.ports.some((own, index) => own === port && task.portNames[index] === service);
  const isNamed = set.Type === 'A' ? task.addressName === service : isPort;
  if (isNamed) return;
  const { world, shown } = session;
  const isEarlier = world.cloudMap?.deploymentOf(task.serviceIndex) !== task.startedBy;
  const isOther = (entry: TrueEntry) =>
    entry.owner === task && entry.port === port && entry.service !== service;
  const isShown = [...shown.values()]
    .flat()
    .some((one) => one.Type === set.Type && wasKnown(one, session) && trueEntries(one, world).some(isOther));
  if (isShown || !isEarlier) report('misnamed', `${recordSetKey(set)}: nothing names ${nameTask(task)} so`);
}

/** A host as its agent calls it, and as EC2 does: a worker may write either. */
function spellings(host: SimHost): readonly SimHost[] {
  return [host, { ...host, name: host.ec2Name }];
}

function isExactly(set: RecordSet, wanted: RecordSet): boolean {
  return set.Name === wanted.Name && isSameRecordSet(set, wanted);
}

/**
 * Of the sets of that name that the run was shown; else as the service overrides, or another of the name whose set the run
 * has created as well: a name has one TTL; else as the settings say. What has been taken out since the run began may be
 * there no more when the rest is planned.
 */
function ttlsOf(set: RecordSet, form: number | undefined, session: Session): readonly number[] {
  const taken = session.world.zone.writes
    .filter(({ time, after }) => time >= session.startedAt && after === undefined)
    .map(({ key }) => key);
  const isRewritten = session.world.zone.writes.some(
    ({ by, time, before, after = before }) =>
      by !== session.number && time >= session.startedAt && after !== undefined && isBeside(after, set),
  );
  const beside = [...session.shown.values()].flat().filter((one) => isBeside(one, set));
  const left = beside.filter((one) => !taken.includes(recordSetKey(one)));
  const own = [form, ...ttlsBeside(set, session)].map(
    (ttl) => ttl ?? session.world.history.setup.sync?.ttl ?? 0,
  );
  return [beside, left].flatMap((sets) => {
    const [first] = sets;
    // What another has written while the run was reading may be shown in both ways, and another set may be the first then.
    const versions = sets.filter(
      (one) => first !== undefined && (isRewritten || recordSetKey(one) === recordSetKey(first)),
    );
    return versions.length === 0 ? own : versions.flatMap(({ TTL }) => TTL ?? own);
  });
}

/** What the services ask for that have the name, or of which the run has created other sets of it: a name has one TTL. */
function ttlsBeside(set: RecordSet, { world, number }: Session): readonly (number | undefined)[] {
  const created = world.zone.writes.flatMap(({ by, before, after }) =>
    by === number && before === undefined && after !== undefined && isBeside(after, set) ? [after] : [],
  );
  const owners = created
    .filter((one) => recordSetKey(one) !== recordSetKey(set))
    .flatMap((one) => trueEntries(one, world))
    .flatMap(({ owner }) => owner ?? []);
  // One that runs, and is withheld, has its say as well.
  const [own] = trueEntries(set, world);
  const named = world.tasks.filter(
    (task) => task.portNames.includes(own?.service) && task.stoppedAt === undefined,
  );
  return [...owners, ...named].map(({ service }) => service.overrides?.ttl);
}

function isBeside(one: RecordSet, set: RecordSet): boolean {
  return one.Type === set.Type && normalizeName(one.Name) === normalizeName(set.Name);
}

/** So long a process goes by what it knows of a host. */
const KNOWN_MS = 10 * MINUTE;

/** What is registered has passed its check, runs, and is not about to go while there is anything better. */
function checkSoundness(entry: TrueEntry, task: SimTask, session: Session, report: Report): void {
  const { startedAt, probed, world } = session;
  const key = recordSetKey(entry.set);
  const [asked = ''] = probeKeysOf(entry, world);
  const outcome = probed.get(asked);
  if (outcome !== 'healthy' && !isTrusted(task, outcome, session))
    report('unsound', `${key}: its probe is ${outcome}`);
  const { stopDesiredAt = Infinity, exitedAt = Infinity } = task;
  if (stopDesiredAt < startedAt - LATE_MS || exitedAt < startedAt - NOTICE_MS - LATE_MS)
    report('unsound', `${key}: its task had ended before the run`);
  const { diedAt = Infinity, drainingAt = Infinity, instanceArn = '' } = task.host ?? {};
  // A look that describes no host goes by what is known of it; an event of its end may be lost.
  const knownMs = session.isLook && !session.hasDescribed(instanceArn) ? KNOWN_MS : 0;
  if (diedAt < startedAt - LATE_MS - knownMs && !session.isDisturbed)
    report('unsound', `${key}: its host had died before the run`);
  // Of a machine that ECS did not describe it is not known that it is drained; a task with an address of its own does without.
  if (drainingAt > startedAt || session.isKeptInTheDark(instanceArn)) return;
  // A look describes no host that it knows from before.
  if (session.isLook && !session.hasDescribed(instanceArn)) return;
  const better = world.zone.all().find((set) => isBetter(set, entry, session));
  if (better !== undefined)
    report('unsound', `${key}: its host is drained, and there is ${recordSetKey(better)}`);
}

/** A service may ask to be registered unchecked; not once its grace period is over and a check has failed. */
function isTrusted({ service, runningAt }: SimTask, outcome: string | undefined, session: Session): boolean {
  if (service.overrides?.passing !== true) return false;
  const { gracePeriodMs } = session.world.history.setup.settings;
  const graceMs = Math.max(gracePeriodMs, 1_000 * service.graceSeconds);
  const isYoung = session.previewedAt - runningAt < graceMs + NOTICE_MS + LATE_MS;
  // A grace period that could not be read may be any, and so may an age by a clock that is behind.
  const isUnread = session.isDisturbed || session.spec.clockBehindMs !== undefined;
  return outcome !== 'unhealthy' || isYoung || isUnread;
}

/** Whether the run has seen that a set leads to a healthy container which is to stay. */
function isBetter(set: RecordSet, { service, set: own }: TrueEntry, session: Session): boolean {
  if (set === own || !isBeside(set, own) || !wasKnown(set, session) || wasOutweighed(set, session))
    return false;
  return trueEntries(set, session.world).some(({ owner, value, service: name }) => {
    const isHealthy = session.probed.get(probeKeyOf(value, session.world)) === 'healthy';
    const isDrained = owner?.host?.drainingAt !== undefined;
    // What is behind a host of the same name in another VPC is not what was asked.
    const { twinOf, takes } = owner?.host?.spec ?? {};
    const isAsked = twinOf === undefined && takes === undefined;
    return name === service && isHealthy && isAsked && !isDrained && owner?.upSince !== undefined;
  });
}

/** Whether a set was of weight 0 next to one that has a weight: clients are not led there. */
function wasOutweighed(set: RecordSet, { shown }: Session): boolean {
  const isHeavier = (one: RecordSet) => isBeside(one, set) && (one.Weight ?? 0) > 0;
  return set.Weight === 0 && [...shown.values()].flat().some(isHeavier);
}

/** Whether the run knew of a set when it made its plan. */
function wasKnown(set: RecordSet, { shown, shownAt, previewedAt }: Session): boolean {
  const key = recordSetKey(set);
  const [first] = shown.get(key) ?? [];
  const isEarly = (shownAt.get(key) ?? Number.POSITIVE_INFINITY) <= previewedAt;
  return first !== undefined && isEarly && isSameRecordSet(first, set);
}

/** No other set of the name that the run knew, or has made, leads to the same port of the same address. */
function checkSingle(
  { set, service, address, port }: TrueEntry,
  task: SimTask,
  session: Session,
  report: Report,
): void {
  const { world } = session;
  const key = recordSetKey(set);
  for (const other of world.zone.all()) {
    const otherKey = recordSetKey(other);
    if (otherKey === key || !isBeside(other, set) || world.zone.foreignKeys.has(otherKey)) continue;
    // What an agent has written anew since is its own.
    const isOwn = world.zone.writes.findLast(({ key: one }) => one === otherKey)?.by === session.number;
    if (!isOwn && !wasKnown(other, session)) continue;
    if (valuesOf(other).some((value) => isUntold(value, session))) continue;
    const isSame = trueEntries(other, world).some(
      (entry) =>
        entry.service === service &&
        entry.address === address &&
        entry.port === port &&
        isCounted(entry, task, session),
    );
    if (isSame) report('duplicate', `${key} leads where ${otherKey} does`);
  }
}

/** Where a wildcard stands for a target nothing tells a run where that leads; a run of a scope reads no more than its names. */
function isUntold(value: string, { world, isLook }: Session): boolean {
  return world.onward.isWild(targetOf({ value })) || (isLook && isOnward({ value }, world));
}

/** What a dead container has left counts as long as the run takes it for its successor's. */
function isCounted({ set, value, owner, namesOwner }: TrueEntry, task: SimTask, session: Session): boolean {
  if (!namesOwner || owner === task) return true;
  return judgementOf(session, recordSetKey(set), value)?.verdict === 'live';
}

/**
 * The address of a machine is there before, or with, the first entry that needs it. A run of a scope leaves it to one that
 * looks at everything: the VPC answers for the name of a machine.
 */
function checkPlace({ set }: TrueEntry, task: SimTask, session: Session, report: Report): void {
  const { world, startedAt } = session;
  if (task.interfaceName !== undefined || task.host === undefined || session.isLook) return;
  const names = new Set(spellings(task.host).map((host) => addressSet(host).Name));
  const isThere = world.zone.all().some((one) => one.Type === 'A' && names.has(one.Name));
  const othersTookIt = world.zone.writes.some(
    ({ by, time, before }) => by !== session.number && time >= startedAt && names.has(before?.Name ?? ''),
  );
  if (!isThere && !othersTookIt) report('unplaced', `${recordSetKey(set)}: there is no ${[...names][0]}`);
}
