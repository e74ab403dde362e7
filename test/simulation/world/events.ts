import { recordSetKey } from '../../../src/model/record-set.ts';
import type { EventKind, WorldEvent } from '../history.ts';
import { MINUTE } from '../history.ts';
import { createRandom, type Random } from '../random.ts';
import { deregister, synchronize } from './agents.ts';
import { isAlive, isRunning, type SimHost, type SimTask } from './entities.ts';
import { writeForeign } from './foreign-records.ts';
import { behave, exit, forget, start, stop } from './lifecycle.ts';
import { moveOnward, removeOnward } from './onward-names.ts';
import { deploy, drain, flap, undrain } from './operations.ts';
import { changeRegistry, deleteRegistry, takeRegistry } from './registry-events.ts';
import { tellHost, tellMachine } from './told-events.ts';
import type { World } from './world.ts';

/** Lets an event happen; one that finds nothing to happen to does not. */
export function happen(event: WorldEvent, world: World): void {
  const random = createRandom(event.salt);
  HAPPENINGS[event.kind](world, random);
}

type Happening = (world: World, random: Random) => void;

const HAPPENINGS: Readonly<Record<EventKind, Happening>> = {
  start: (world, random) => void start(world, random),
  stop: ofTask(stop),
  crash: ofTask((task, world, random) => exit(task, world, random, 10_000)),
  replace: ofTask(replace),
  fail: ofTask((task, world, random) => behave(task, random.pick(['status', 'refuse', 'hang']), world)),
  recover: (world) => {
    for (const task of world.tasks) behave(task, 'ok', world);
  },
  'host-dies': ofHost(die),
  'host-returns': comeBack,
  'agent-flaps': ofHost((host, world, random) => {
    host.flapsUntil = world.now + random.between(1, 10) * MINUTE;
    tellHost(host, world);
  }),
  'agent-syncs': ofHost((host, world) => synchronize(host, world)),
  'agent-restarts': ofHost(restartAgent),
  'half-fails': failByHalf,
  'address-passes': passAddress,
  'registry-changes': changeRegistry,
  'registry-goes': takeRegistry,
  'registry-deleted': deleteRegistry,
  'onward-moves': moveOnward,
  'onward-goes': removeOnward,
  'foreign-write': writeForeign,
  rewrite,
  deploy,
  drain: ofHost(drain),
  undrain,
  flap: ofTask(flap),
  'other-delete': (world, random) => {
    const mine = world.zone.all().filter((set) => !world.zone.foreignKeys.has(recordSetKey(set)));
    if (mine.length > 0) world.zone.remove(recordSetKey(random.pick(mine)), 'other', world.now);
  },
};

/** The old one ends first, or the new one starts first: a deployment may do either. */
function replace(task: SimTask, world: World, random: Random): void {
  const isNewFirst = random.chance(0.5);
  if (isNewFirst) start(world, random, task.serviceIndex);
  exit(task, world, random, 10_000);
  if (!isNewFirst) start(world, random, task.serviceIndex);
}

/** A machine ends at once; EC2 and ECS learn of it one after the other, or ECS never does. */
function die(host: SimHost, world: World, random: Random): void {
  const { now } = world;
  host.diedAt = now;
  world.trace?.(`${host.instanceId} ${host.name} dies`);
  host.terminatedAt = now + random.between(0, 60_000);
  host.forgottenAt = host.terminatedAt + random.between(2, 15) * MINUTE;
  host.lostAt = now + random.between(0, 90_000);
  tellMachine(host, 'shutting-down', world);
  world.scheduler.at(host.terminatedAt, () => tellMachine(host, 'terminated', world));
  world.scheduler.at(host.lostAt, () => tellHost(host, world));
  const tasks = world.tasks.filter((task) => task.host === host);
  world.restarts.get(host)?.();
  for (const task of tasks) world.refresh(task);
  if (random.chance(0.25)) return;
  host.deregisteredAt = host.lostAt + random.between(0, 6) * MINUTE;
  world.scheduler.at(host.deregisteredAt, () => {
    tellHost(host, world);
    for (const task of tasks) forget(task, world, random);
  });
}

/** An agent that starts anew takes out what it had entered, and enters it again. */
function restartAgent(host: SimHost, world: World, random: Random): void {
  world.restarts.get(host)?.();
  for (const task of world.tasks) if (task.host === host) deregister(task, world);
  world.scheduler.after(random.between(500, 20_000), () => {
    if (isAlive(host)) synchronize(host, world);
  });
}

/** A machine takes over the name and the address of one that has died. */
function comeBack(world: World, random: Random): void {
  const slots = [...world.history.setup.hosts.keys()];
  const empty = slots.filter(
    (slot) => !isPassedOn(slot, world) && !world.hosts.some((host) => host.slot === slot && isAlive(host)),
  );
  if (empty.length > 0) comeUp(random.pick(empty), world, random);
}

function comeUp(slot: number, world: World, random: Random): void {
  world.launch(slot);
  const host = world.hosts.at(-1);
  if (host === undefined) return;
  world.trace?.(`${host.instanceId} comes up as ${host.name}, registers at ${host.registeredAt}`);
  world.scheduler.at(host.registeredAt, () => {
    if (isAlive(host)) synchronize(host, world);
    for (let count = random.int(3); count > 0; count--) start(world, random);
  });
}

/** Whether a slot has given its address away, or is there to take one. */
function isPassedOn(slot: number, { history: { setup } }: World): boolean {
  return setup.hosts[slot]?.takes !== undefined || setup.hosts.some(({ takes }) => takes === slot);
}

/** A machine ends, and another account's gets its address in the subnet that the two share. */
function passAddress(world: World, random: Random): void {
  const { hosts } = world.history.setup;
  const slot = hosts.findIndex(({ cluster, takes }) => cluster === 'participant' && takes !== undefined);
  const heir = world.hosts.find((host) => host.slot === hosts[slot]?.takes && isAlive(host));
  if (heir === undefined) return;
  die(heir, world, random);
  world.scheduler.at(heir.terminatedAt ?? world.now, () => comeUp(slot, world, random));
}

/** At once exactly half of what is entered and answers checks fails; one ends where it has no half. */
function failByHalf(world: World, random: Random): void {
  const entered = world.tasks.filter((task) => isEntered(task, world));
  const [odd] = entered.length % 2 === 0 ? [] : entered;
  if (odd !== undefined) exit(odd, world, random, 0);
  const checked = entered.filter((task) => task !== odd);
  const healthy = checked.filter(({ behaviour }) => behaviour === 'ok');
  const wanted = Math.max(0, healthy.length - checked.length / 2);
  const everyOther = healthy.toSorted((a, b) => (healthy.indexOf(a) % 2) - (healthy.indexOf(b) % 2));
  for (const task of everyOther.slice(0, wanted)) behave(task, random.pick(['status', 'refuse']), world);
}

function isEntered(task: SimTask, { zone, now }: World): boolean {
  const isReady = isRunning(task, now) && task.readyAt <= now && task.reportedAt <= now;
  return (
    isReady && zone.all().some(({ SetIdentifier }) => SetIdentifier?.includes(task.containerId) === true)
  );
}

/** An operator changes a set of ours: its TTL, or its weight. */
function rewrite(world: World, random: Random): void {
  const sets = world.zone
    .all()
    .filter((set) => set.Type === 'SRV' && !world.zone.foreignKeys.has(recordSetKey(set)));
  if (sets.length === 0) return;
  const set = random.pick(sets);
  const weight = random.chance(0.5) ? 0 : ((set.Weight ?? 0) % 9) + 1;
  const changed = set.Weight === undefined ? { TTL: (set.TTL ?? 0) + 1 } : { Weight: weight };
  world.zone.put({ ...set, ...changed }, 'agent', world.now);
}

function ofTask(act: (task: SimTask, world: World, random: Random) => void): Happening {
  return (world, random) => {
    const running = world.tasks.filter((task) => isRunning(task, world.now));
    if (running.length > 0) act(random.pick(running), world, random);
  };
}

function ofHost(act: (host: SimHost, world: World, random: Random) => void): Happening {
  return (world, random) => {
    const alive = world.hosts.filter((host) => isAlive(host) && host.registeredAt <= world.now);
    if (alive.length > 0) act(random.pick(alive), world, random);
  };
}
