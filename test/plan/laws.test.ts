import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsRequest, MAX_CHARACTERS, MAX_ELEMENTS, packBatches, weightOf } from '../../src/model/batches.ts';
import type { ChangeGroup } from '../../src/model/change.ts';
import { taskKey } from '../../src/model/cluster.ts';
import { normalizeName } from '../../src/model/dns-name.ts';
import { entriesOf, entryKey } from '../../src/model/entry.ts';
import { type Container, NO_UNKNOWN_HOSTS } from '../../src/model/inventory.ts';
import { parseManagedIdentifier, taskIdOf } from '../../src/model/managed-identifier.ts';
import { type RecordSet, recordSetKey, valuesOf } from '../../src/model/record-set.ts';
import { parseSrvValue } from '../../src/model/srv-value.ts';
import type { Judgement } from '../../src/model/verdict.ts';
import { withFound } from '../../src/plan/change/decide.ts';
import type { ChangePlan } from '../../src/plan/change/plan-changes.ts';
import { namesRelied } from '../../src/plan/confirm/stale-locations.ts';
import type { Judged } from '../../src/plan/judge/judge-entries.ts';
import type { Match } from '../../src/plan/match/match-kinds.ts';
import { taskName } from './addresses.ts';
import { confirmationArbitrary } from './confirmation-worlds.ts';
import { NOTHING_SEEN, unreadScope } from './confirmations.ts';
import { ENDED_TASKS, TASKS, tenancyArbitrary, tenantEndpoint } from './fleets.ts';
import { lawsOf } from './law.ts';
import { ZONE } from './support.ts';
import { carryOut, planOf, worldArbitrary } from './worlds.ts';

/** Hosts whose own names in the zone entries point at. */
const HOSTS_OF_ZONE = [1, 2, 3, 4];
const RUNS = { numRuns: 500 };

const law = lawsOf(worldArbitrary);

function removedKeys({ groups }: ChangePlan): string[] {
  return groups.flatMap(({ key, removed }) => removed.map((value) => `${key} ${value}`));
}

/** All that a plan decides; the evidence may name another of several containers that explain a verdict. */
function decisions({ judgements, removals, heldBack, groups }: ChangePlan) {
  return {
    judgements: judgements.map(({ entry, verdict, reason }) => [entryKey(entry), verdict, reason]),
    heldBack: heldBack.map(({ judgement, guardrail, detail }) => [
      entryKey(judgement.entry),
      guardrail,
      detail,
    ]),
    removals,
    groups,
  };
}

function shuffled<T>(items: readonly T[]): fc.Arbitrary<readonly T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
}

describe('order', () => {
  it('of the record sets does not matter', () => {
    const cases = worldArbitrary.chain((world) => fc.tuple(fc.constant(world), shuffled(world.recordSets)));
    fc.assert(
      fc.property(cases, ([world, recordSets]) => {
        expect(planOf({ ...world, recordSets })).toEqual(planOf(world));
      }),
      RUNS,
    );
  });

  it('of the inventory does not matter for what is decided, where no two hosts share a name', () => {
    const cases = worldArbitrary.chain(({ inventory, ...world }) => {
      const { clusters, hosts, containers, endpoints } = inventory;
      const mixed = fc.tuple(shuffled(clusters), shuffled(hosts), shuffled(containers), shuffled(endpoints));
      return mixed.map(([a, b, c, d]) => [
        { ...world, inventory },
        { ...world, inventory: { ...inventory, clusters: a, hosts: b, containers: c, endpoints: d } },
      ]);
    });
    fc.assert(
      fc.property(cases, ([world, other]) => {
        if (world === undefined || other === undefined) throw new TypeError('two worlds');
        expect(decisions(planOf(other))).toEqual(decisions(planOf(world)));
      }),
      RUNS,
    );
  });
});

describe('changes', () => {
  it('never touch a foreign record set', () => {
    law((world) => {
      const plan = planOf(world);
      const foreign = plan.judgements.filter(({ verdict }) => verdict === 'foreign');
      const touched = new Set(
        plan.groups.flatMap(({ changes }) => changes.map(({ recordSet }) => recordSetKey(recordSet))),
      );
      expect(foreign.filter(({ entry }) => touched.has(recordSetKey(entry.recordSet)))).toEqual([]);
    });
  });

  it('never touch the apex, an alias or another type than SRV, A and AAAA', () => {
    law((world) => {
      for (const { recordSet } of planOf(world).groups.flatMap(({ changes }) => changes)) {
        expect(['SRV', 'A', 'AAAA']).toContain(recordSet.Type);
        expect(recordSet.Name).not.toBe(`${ZONE}.`);
        expect(recordSet.AliasTarget).toBeUndefined();
      }
    });
  });

  it('never remove an entry that points at a name of the zone which tells no host', () => {
    const hosts = HOSTS_OF_ZONE.map((n) => `ip-10-0-0-${n}.${ZONE}`);
    // A CNAME of these worlds leads to a host.
    const telling = [...hosts, `www.${ZONE}`, ...[...TASKS, ...ENDED_TASKS].map(taskName)];
    law((world) => {
      // A CNAME leads on to one.
      const onward = world.recordSets.flatMap(({ Name, Type }) =>
        Type === 'CNAME' ? [normalizeName(Name)] : [],
      );
      for (const { key, removed } of planOf(world).groups) {
        const targets = key.includes(' SRV ') ? removed.map((value) => value.split(' ')[3] ?? '') : [];
        const zoneNames = targets
          .map((target) => target.replace(/\.$/, ''))
          .filter((name) => name.endsWith(ZONE));
        expect(zoneNames.filter((name) => ![...telling, ...onward].includes(name))).toEqual([]);
      }
    });
  });

  it('never touch a name that Route 53 escapes', () => {
    law((world) => {
      expect(planOf(world).groups.filter(({ changes }) => changes[0]?.recordSet.Name.includes('\\'))).toEqual(
        [],
      );
    });
  });

  it('remove exactly the entries that are stale or unhealthy and that no guardrail holds', () => {
    law((world) => {
      const plan = planOf(world);
      const asked = plan.judgements.filter(({ verdict }) => verdict === 'stale' || verdict === 'unhealthy');
      const held = new Set<Judgement>(plan.heldBack.map(({ judgement }) => judgement));
      const going = asked.filter((judgement) => !held.has(judgement)).map(({ entry }) => entryKey(entry));
      expect(removedKeys(plan).toSorted()).toEqual(going.toSorted());
      expect(plan.removals).toBe(going.length);
      expect(asked.filter((judgement) => held.has(judgement))).toHaveLength(asked.length - going.length);
    });
  });

  it('leave every other value of the zone as it was', () => {
    law((world) => {
      const plan = planOf(world);
      const removed = new Set(removedKeys(plan));
      const staying = entriesOf(world.recordSets)
        .map(entryKey)
        .filter((key) => !removed.has(key));
      expect(entriesOf(carryOut(world.recordSets, plan)).map(entryKey).toSorted()).toEqual(
        staying.toSorted(),
      );
    });
  });

  it('leave a name that loses unhealthy entries no fewer than the minimum', () => {
    law((world) => {
      const plan = planOf(world);
      const removed = new Set(removedKeys(plan));
      const managed = plan.judgements.filter(
        ({ verdict, reason }) => verdict !== 'foreign' && reason !== 'malformed-value',
      );
      for (const { entry, verdict } of managed) {
        if (verdict !== 'unhealthy' || !removed.has(entryKey(entry))) continue;
        const left = managed.filter(
          (other) =>
            other.entry.name === entry.name &&
            other.entry.type === entry.type &&
            !removed.has(entryKey(other.entry)),
        );
        expect(left.length).toBeGreaterThanOrEqual(world.limits.minEndpoints);
      }
    });
  });

  it('once carried out, leave nothing more to remove, unless the budget held something', () => {
    fc.assert(
      fc.property(worldArbitrary, (world) => {
        const plan = planOf(world);
        fc.pre(plan.heldBack.every(({ guardrail }) => guardrail !== 'removal-budget'));
        const again = planOf({ ...world, recordSets: carryOut(world.recordSets, plan) });
        expect(removedKeys(again)).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('the addresses of tasks', () => {
  const staleOnes = ({ removing }: ChangePlan) =>
    removing.filter(({ judgement }) => judgement.verdict === 'stale');
  const ownerOf = ({ judgement }: Judged) => parseManagedIdentifier(judgement.entry.setIdentifier);
  const hasAddress = ({ networkInterface }: Container, value: string) =>
    networkInterface?.address === value || networkInterface?.ipv6 === value;

  it('never go as stale while their task runs there, or is about to run', () => {
    law((world) => {
      for (const removal of staleOnes(planOf(world))) {
        const owner = ownerOf(removal);
        if (owner?.kind !== 'task') continue;
        const own = world.inventory.containers.filter(({ taskArn }) => taskIdOf(taskArn) === owner.taskId);
        const { value } = removal.judgement.entry;
        expect(own.filter(({ phase }) => phase === 'starting')).toEqual([]);
        const there = own.filter(({ phase }) => phase === 'running');
        expect(there.filter((one) => hasAddress(one, value))).toEqual([]);
        if (there.length > 0) expect(removal.judgement.reason).toBe('superseded');
      }
    });
  });

  it('never go as stale while a task of their name runs there, where they name none', () => {
    law((world) => {
      for (const removal of staleOnes(planOf(world))) {
        const { name, type, value } = removal.judgement.entry;
        if (ownerOf(removal)?.kind !== 'multi-value' || type === 'SRV') continue;
        if (removal.judgement.reason === 'duplicate') continue;
        const own = world.inventory.containers.filter(({ addressName }) => `${addressName}.${ZONE}` === name);
        expect(own.filter((one) => one.phase === 'running' && hasAddress(one, value))).toEqual([]);
      }
    });
  });

  it('never go as stale where their cluster, or any for those that name none, was not read to the end', () => {
    law((world) => {
      const isComplete = world.inventory.incomplete.length === 0;
      for (const removal of staleOnes(planOf(world))) {
        const owner = ownerOf(removal);
        if (owner?.kind === 'task') {
          expect(owner.cluster).toMatch(isComplete ? /^eu-west-1.*(?:blue|green)$/ : /^eu-west-1.*blue$/);
        } else if (owner !== undefined && removal.judgement.entry.type !== 'SRV') {
          // What is unread cannot change that two sets lead to one running task.
          const isSeen = removal.match.kind === 'stopping' || removal.judgement.reason === 'duplicate';
          expect(isComplete || isSeen).toBe(true);
        }
      }
    });
  });

  it('go as duplicates only where a set of their own stays, or goes for what it is', () => {
    law((world) => {
      const plan = planOf(world);
      const after = new Set(carryOut(world.recordSets, plan).map(recordSetKey));
      const going = new Set(plan.removing.map(({ judgement }) => recordSetKey(judgement.entry.recordSet)));
      for (const { match } of staleOnes(plan)) {
        const own = 'duplicateOf' in match ? match.duplicateOf : undefined;
        if (own !== undefined)
          expect(after.has(recordSetKey(own)) || going.has(recordSetKey(own))).toBe(true);
      }
    });
  });

  it('never go under the own name of a task while any SRV entry that stays points there', () => {
    law((world) => {
      const after = carryOut(world.recordSets, planOf(world));
      const had = new Set(namesOfAddresses(world.recordSets));
      const left = new Set(namesOfAddresses(after));
      const targets = after
        .filter(({ Type }) => Type === 'SRV')
        .flatMap((set) => valuesOf(set).flatMap((value) => parseSrvValue(value)?.target ?? []));
      const lost = targets.filter((target) => had.has(target) && !left.has(target));
      expect(lost.filter((target) => /^[0-9a-f]{32}\./.test(target))).toEqual([]);
    });
  });

  function namesOfAddresses(recordSets: readonly RecordSet[]): readonly string[] {
    return recordSets.filter(({ Type }) => Type !== 'SRV').map(({ Name }) => normalizeName(Name));
  }
});

describe('a container more, running or about to, at a free port of a host that is not gone', () => {
  const gains = worldArbitrary.chain((world) => {
    const { hosts, endpoints } = world.inventory;
    const free = hosts
      .filter(({ state }) => state !== 'gone' && state !== 'unreachable')
      .flatMap((on) =>
        [1001, 1002].flatMap((port) =>
          endpoints.some((item) => item.port === port && item.container.host === on) ? [] : [{ on, port }],
        ),
      );
    const location = free.length === 0 ? fc.constant(undefined) : fc.constantFrom(...free);
    return fc.tuple(location, tenancyArbitrary(['running', 'running', 'starting'])).map(([at, tenancy]) => {
      if (at === undefined) return [world, world] as const;
      const n = Number(at.on.instanceId.slice(2));
      const gained = tenantEndpoint({ ...tenancy, n, port: at.port }, at.on);
      const inventory = {
        ...world.inventory,
        containers: [...world.inventory.containers, gained.container],
        endpoints: [...endpoints, gained],
      };
      return [world, { ...world, inventory }] as const;
    });
  });
  const gainLaw = lawsOf(gains);
  const ITS_DOING: ReadonlySet<string> = new Set(['port-reassigned', 'superseded', 'duplicate']);

  it('makes no entry stale but those whose port it took, or to which two sets lead (port-reassigned, superseded, duplicate)', () => {
    gainLaw(([before, after]) => {
      const stale = (plan: ChangePlan) => plan.judgements.filter(({ verdict }) => verdict === 'stale');
      const known = new Set(stale(planOf(before)).map(({ entry }) => entryKey(entry)));
      const grown = stale(planOf(after)).filter(({ entry }) => !known.has(entryKey(entry)));
      expect(grown.filter(({ reason }) => !ITS_DOING.has(reason))).toEqual([]);
    });
  });

  it('removes no SRV entry as stale but those, where neither budget nor minimum nor empty inventory held any before', () => {
    gainLaw(([before, after]) => {
      const limits = { ...before.limits, allowEmpty: true, removalBudgetPercent: 100, minEndpoints: 0 };
      const first = new Set(removedKeys(planOf({ ...before, limits })));
      const then = planOf({ ...after, limits });
      const removed = new Set(removedKeys(then));
      const grown = then.judgements.filter(
        ({ entry, verdict }) =>
          entry.type === 'SRV' &&
          verdict === 'stale' &&
          removed.has(entryKey(entry)) &&
          !first.has(entryKey(entry)),
      );
      expect(grown.filter(({ reason }) => !ITS_DOING.has(reason))).toEqual([]);
    });
  });
});

function keyOfJudged({ judgement }: { readonly judgement: Judgement }): string {
  return entryKey(judgement.entry);
}

describe('a confirmation', () => {
  const looks = worldArbitrary.chain((world) =>
    fc.tuple(fc.constant(world), confirmationArbitrary(world.inventory)),
  );
  const lookLaw = lawsOf(looks);

  function approvedBy({ removing }: ChangePlan): ReadonlySet<string> {
    return new Set(removing.map(({ judgement }) => entryKey(judgement.entry)));
  }

  it('never adds a removal to a plan, whatever the confirmation saw', () => {
    lookLaw(([world, look]) => {
      const desired = planOf(world);
      const inventory = withFound(world.inventory, look);
      const plan = planOf({ ...world, inventory }, { approved: approvedBy(desired), look });
      const approved = new Set(removedKeys(desired));
      expect(removedKeys(plan).filter((key) => !approved.has(key))).toEqual([]);
    });
  });

  it('never lifts a guardrail but those that it precedes, and spares only what is stale, or known by a name alone', () => {
    lookLaw(([world, look]) => {
      const desired = planOf(world);
      const plan = planOf(world, { approved: approvedBy(desired), look });
      const heldIn = ({ heldBack }: ChangePlan, names: readonly string[]) =>
        heldBack
          .filter(({ guardrail }) => !names.includes(guardrail))
          .map(({ judgement, guardrail, detail }) => [entryKey(judgement.entry), guardrail, detail]);
      const after = ['not-confirmed', 'still-referenced'];
      expect(heldIn(plan, after)).toEqual(heldIn(desired, after));
      // What only a reference held before was not to be removed, and is told so now.
      const referenced = new Set(
        desired.heldBack
          .filter(({ guardrail }) => guardrail === 'still-referenced')
          .map(({ judgement }) => entryKey(judgement.entry)),
      );
      const spared = plan.heldBack.filter(
        ({ guardrail, judgement }) =>
          guardrail === 'not-confirmed' && !referenced.has(entryKey(judgement.entry)),
      );
      const relying = new Set(desired.removing.filter((one) => namesRelied(one).length > 0).map(keyOfJudged));
      const others = spared.filter(({ judgement }) => !relying.has(entryKey(judgement.entry)));
      expect(others.filter(({ judgement }) => judgement.verdict !== 'stale')).toEqual([]);
    });
  });

  it('does not loosen the minimum by what it spares: no more unhealthy entries go than before', () => {
    lookLaw(([world, look]) => {
      const unhealthyOf = ({ removing }: ChangePlan) =>
        removing
          .filter((one) => one.judgement.verdict === 'unhealthy' && namesRelied(one).length === 0)
          .map(keyOfJudged);
      const desired = planOf(world);
      const all = new Set(entriesOf(world.recordSets).map(entryKey));
      const before = unhealthyOf(desired);
      for (const approved of [approvedBy(desired), all]) {
        const plan = planOf(world, { approved, look });
        // An address stays with the entry that points at it, where that one was spared.
        const referenced = new Set(
          plan.heldBack.filter(({ guardrail }) => guardrail === 'still-referenced').map(keyOfJudged),
        );
        expect(unhealthyOf(plan)).toEqual(before.filter((key) => !referenced.has(key)));
      }
    });
  });

  it('confirms no task but one that ECS calls ended, and no address but one that nobody unknown has', () => {
    lookLaw(([world, look]) => {
      const desired = planOf(world);
      const inventory = withFound(world.inventory, look);
      const plan = planOf({ ...world, inventory }, { approved: approvedBy(desired), look });
      for (const { match, judgement } of plan.removing) {
        if (judgement.verdict !== 'stale') continue;
        const task = 'task' in match ? match.task : undefined;
        if (task !== undefined) expect(look.tasks.get(taskKey(task.cluster, task.taskId))).toBe('ended');
        if (
          match.kind !== 'address-unassigned' &&
          match.kind !== 'address-reassigned' &&
          match.kind !== 'readdressed'
        )
          continue;
        const known = inventory.containers.map(({ networkInterface }) => networkInterface?.id);
        expect(look.addresses.get(match.address)?.filter(({ id }) => !known.includes(id))).toEqual([]);
      }
    });
  });

  it('confirms nothing that it could not look at', () => {
    law((world) => {
      const desired = planOf(world);
      const blind = { ...NOTHING_SEEN, named: { ...NO_UNKNOWN_HOSTS, incomplete: [unreadScope('x')] } };
      const unasked = new Map(
        world.inventory.hosts.flatMap(({ instanceId, containerInstance }) => [
          [instanceId, unreadScope('x')] as const,
          [containerInstance, unreadScope('x')] as const,
        ]),
      );
      const plan = planOf(world, { approved: approvedBy(desired), look: { ...blind, unasked } });
      // Of two entries that lead to one running container either may go: that it runs was seen.
      const kinds = plan.removing
        .filter(({ judgement: { verdict, reason } }) => verdict === 'stale' && reason !== 'duplicate')
        .map(({ match }) => (match.kind === 'stopping' ? 'seen stopping' : placeOf(match)));
      expect(kinds.filter((kind) => kind !== 'seen stopping' && kind !== 'interface')).toEqual([]);
    });
  });

  /** What holds the location of an entry, where that is no machine, stands in the inventory itself. */
  function placeOf(match: Match): string {
    if (match.kind === 'replaced') return match.endpoint.container.host === undefined ? 'interface' : 'host';
    return 'location' in match && match.location.instanceId === undefined ? 'interface' : match.kind;
  }
});

describe('batches', () => {
  interface DesiredRecord {
    readonly elements: number;
    readonly characters: number;
    readonly after: readonly number[];
  }

  const desiredArbitrary: fc.Arbitrary<readonly DesiredRecord[]> = fc.array(
    fc.record({
      elements: fc.integer({ min: 1, max: 600 }),
      characters: fc.integer({ min: 1, max: 60 }),
      after: fc.array(fc.nat(30), { maxLength: 3 }),
    }),
    { maxLength: 30 },
  );

  /** The second half of the groups comes after some of the first. */
  function groupsOf(desiredRecords: readonly DesiredRecord[]): readonly ChangeGroup[] {
    const first = Math.ceil(desiredRecords.length / 2);
    return desiredRecords.map(({ elements, characters, after }, i) => {
      const ResourceRecords = Array.from({ length: elements }, () => ({ Value: 'x'.repeat(characters) }));
      const keys = i < first ? [] : [...new Set(after.map((n) => `g${n % first}`))];
      const recordSet = { Name: `g${i}`, Type: 'SRV', ResourceRecords };
      return {
        key: `g${i}`,
        changes: [{ action: 'DELETE', recordSet }],
        removed: [],
        reasons: [],
        after: keys,
      };
    });
  }

  function checkBatches(groups: readonly ChangeGroup[]): void {
    const batches = packBatches(groups);
    const location = new Map(batches.flatMap((batch, i) => batch.map(({ key }) => [key, i])));
    expect(
      batches
        .flat()
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual(groups.map(({ key }) => key).toSorted());
    for (const batch of batches) {
      const total = batch.map(weightOf);
      expect(total.reduce((sum, { elements }) => sum + elements, 0)).toBeLessThanOrEqual(MAX_ELEMENTS);
      expect(total.reduce((sum, { characters }) => sum + characters, 0)).toBeLessThanOrEqual(MAX_CHARACTERS);
    }
    for (const { key, after } of groups) {
      for (const other of after) expect(location.get(key)).toBeGreaterThanOrEqual(location.get(other) ?? 0);
    }
  }

  it('respect both limits, lose and duplicate nothing, and put no group before one it comes after', () => {
    fc.assert(
      fc.property(desiredArbitrary, (desiredRecords) =>
        checkBatches(groupsOf(desiredRecords).filter(fitsRequest)),
      ),
      { numRuns: 200 },
    );
  });

  it('do so for the groups of any plan', () => {
    law((world) => checkBatches(planOf(world).groups));
  });
});
