import { normalizeName } from '../../../src/model/dns-name.ts';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import { parseSrvValue } from '../../../src/model/srv-value.ts';
import { answerQuestion } from '../../../src/sandbox/dns/answer-question.ts';
import { type Chance, drawable } from '../../../src/sandbox/dns/choose-sets.ts';
import type { NameView } from '../../../src/sandbox/dns/name-view.ts';
import { storedName } from '../../../src/sandbox/world/record-name.ts';
import { PROPAGATION_MS } from '../aws/route53.ts';
import type { Session } from '../aws/session.ts';
import { REGION } from '../world/account.ts';
import type { SimTask } from '../world/entities.ts';
import { nameTask, type World } from '../world/world.ts';
import type { Write } from '../world/zone-store.ts';
import type { Report } from './violation.ts';

type Sets = ReadonlyMap<string, RecordSet>;

/** Whether a write is one of which the process of the run knows by which change it was made, and when. */
type IsOwn = (by: Write['by']) => boolean;

interface Looking {
  readonly world: World;
  readonly startedAt: number;
  readonly isOwn: IsOwn;
}

/**
 * Holds the end that a run has asked ECS for against what clients with a cache may still have: no answer that leads to
 * the task may be younger than its TTL. The client is the unluckiest there can be. It asks the last name server that
 * still answers as before each change of the same process, and is given the set that leads to the task, if that can be drawn at all.
 */
export function checkKept(session: Session, task: SimTask, isOwn: IsOwn, report: Report): void {
  const { world, startedAt } = session;
  for (const name of namesOf(task, world)) {
    const leftMs = keptUntil(name, task, { world, startedAt, isOwn }) - world.now;
    if (leftMs > 0)
      report('still-kept', `${nameTask(task)}: ${name} leads there for ${leftMs / 1000} s more`);
  }
}

function namesOf({ portNames }: SimTask, { zone }: World): ReadonlySet<string> {
  return new Set(portNames.flatMap((one) => (one === undefined ? [] : storedName(`${one}.${zone.name}`))));
}

/**
 * Until when a client may have an answer of the name that leads to the task: in the past where none ever did, and for
 * ever where the zone itself leads there, unless what does came since the run began.
 */
function keptUntil(name: string, task: SimTask, { world, startedAt, isOwn }: Looking): number {
  const sets = new Map(world.zone.all().map((set) => [recordSetKey(set), set]));
  const isNew = world.zone.writes.some(
    ({ time, after }) => time >= startedAt && after !== undefined && storedName(after.Name) === name,
  );
  let until = Number.NEGATIVE_INFINITY;
  if (!isNew && ttlOfWay(name, task, sets, world) !== undefined) return Number.POSITIVE_INFINITY;
  for (const { key, before, time, by } of world.zone.writes.toReversed()) {
    if (before === undefined) sets.delete(key);
    else sets.set(key, before);
    const ttl = isOwn(by) ? ttlOfWay(name, task, sets, world) : undefined;
    if (ttl !== undefined) until = Math.max(until, time + PROPAGATION_MS + ttl * 1000);
  }
  return until;
}

/** The largest TTL of the answers that lead to the task; `undefined` where none does. */
function ttlOfWay(name: string, task: SimTask, sets: Sets, world: World): number | undefined {
  const view = viewOf(sets, world);
  const ttls = drawsOf(view.zoneOf(name)?.setsAt(name) ?? []).flatMap((chance) => {
    const { answers, additionals } = answerQuestion(view, { name, type: 'SRV' }, chance);
    const isWay = (value: string) => {
      const { target = '', port = 0 } = parseSrvValue(value) ?? {};
      const isTarget = (one: string) => normalizeName(one) === normalizeName(target);
      const addresses = additionals.filter((one) => isTarget(one.name)).map((one) => one.value);
      return task.ports.includes(port) && addresses.includes(task.address);
    };
    return answers.filter(({ value }) => isWay(value)).map(({ ttl }) => ttl);
  });
  return ttls.length === 0 ? undefined : Math.max(...ttls);
}

/** Chances of which each draws another of the sets that can be drawn. */
function drawsOf(sets: readonly RecordSet[]): readonly Chance[] {
  const weights = drawable(sets.filter(({ Type }) => Type === 'SRV')).map(({ Weight = 0 }) => Weight);
  let sum = 0;
  return weights.map((weight, index) => {
    let first: number | undefined = weight === 0 ? index : sum;
    sum += weight;
    return {
      below: (limit) => {
        const drawn = first ?? 0;
        first = undefined;
        return Math.min(drawn, limit - 1);
      },
    };
  });
}

function viewOf(sets: Sets, world: World): NameView {
  const all = [...sets.values()].map((set) => ({ ...set, Name: storedName(set.Name) }));
  const zone = {
    name: world.zone.name,
    setsAt: (name: string) => all.filter(({ Name }) => Name === name),
    reaches: (name: string) => all.some(({ Name }) => Name === name || Name.endsWith(`.${name}`)),
  };
  return {
    region: REGION,
    recursive: true,
    zoneOf: (name) => (name.endsWith(`.${zone.name}`) ? zone : undefined),
    awsName: (name) => {
      const address = world.addressOf(name);
      return { exists: address !== undefined, addresses: address === undefined ? [] : [address] };
    },
  };
}
