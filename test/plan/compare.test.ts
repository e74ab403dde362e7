import { describe, expect, it } from 'vitest';
import type { ChangeGroup } from '../../src/model/change.ts';
import type { Endpoint } from '../../src/model/inventory.ts';
import type { Manage } from '../../src/model/manage.ts';
import { type RecordSet, recordSetKey } from '../../src/model/record-set.ts';
import type { SyncOptions } from '../../src/model/registration.ts';
import type { Judgement } from '../../src/model/verdict.ts';
import { type Decision, decide } from '../../src/plan/change/decide.ts';
import type { RecordDiff } from '../../src/plan/change/record-diff.ts';
import { type Comparison, comparePlans, isChange } from '../../src/plan/compare.ts';
import { findDesired } from '../../src/plan/desired/desired-records.ts';
import type { GuardrailLimits } from '../../src/plan/guard/guardrail.ts';
import {
  agentSet,
  container,
  endpoint,
  host,
  hostSet,
  inventory,
  MANAGE_ZONE,
  matchSets,
  NO_LIMITS,
  quietFacts,
  SYNC,
  simpleSet,
  srvValue,
  UNCHECKED,
  ZONE,
} from './support.ts';

interface Outlook {
  readonly manage?: Manage;
  /** What is registered; nothing where this is left out. */
  readonly sync?: Partial<SyncOptions>;
  readonly limits?: Partial<GuardrailLimits>;
}

interface Case {
  readonly what: string;
  readonly zone?: readonly RecordSet[];
  readonly endpoints?: readonly Endpoint[];
  readonly now?: Outlook;
  readonly next: Outlook;
  /** What of the comparison is not empty. */
  readonly is: Partial<Readonly<Record<keyof Comparison, readonly string[]>>>;
  readonly changes: boolean;
}

const CONVENTION: Manage = { kind: 'convention' };

/** What a run would decide in which everything that runs is healthy. */
function decideFor(
  { zone = [], endpoints = [] }: Pick<Case, 'zone' | 'endpoints'>,
  outlook: Outlook,
): Decision['plan'] {
  const { manage = CONVENTION, sync, limits } = outlook;
  const known = inventory(endpoints);
  const matched = matchSets(zone, known, manage);
  const drafting = { zoneName: ZONE, manage, recordSets: zone, matched, inventory: known };
  const options = { ...SYNC, ...sync };
  return decide(matched, {
    ...quietFacts(known),
    rule: UNCHECKED,
    limits: { ...NO_LIMITS, ...limits },
    desired: sync && findDesired({ ...drafting, options, overridesOf: ({ overrides }) => overrides }),
  }).plan;
}

function toldDiff(diff: RecordDiff): string {
  const { recordSet, value } = diff.kind === 'removed' ? diff.from : diff.to;
  return `${diff.kind} ${recordSet.Type} ${value} ${diff.reasons.join(',')}`;
}

function toldEntry({ entry, verdict, reason }: Judgement): string {
  return `${entry.type} ${entry.value} ${verdict} ${reason}`;
}

const either = (eitherWay: boolean) => (eitherWay ? ' as now' : '');

/** A comparison in lines, without what of it is empty. */
function told(comparison: Comparison): Case['is'] {
  const lines = {
    left: comparison.left.map(toldEntry),
    foreign: comparison.foreign.map(toldEntry),
    entering: comparison.entering.map(toldEntry),
    leaving: comparison.leaving.map(toldEntry),
    gained: comparison.gained.map(toldDiff),
    lost: comparison.lost.map(toldDiff),
    eitherWay: comparison.eitherWay.map(toldDiff),
    heldBack: comparison.heldBack.map(
      ({ item, eitherWay }) => `${toldEntry(item.judgement)} ${item.guardrail}${either(eitherWay)}`,
    ),
    withheld: comparison.withheld.map(({ item, eitherWay }) => `${item.reason}${either(eitherWay)}`),
  };
  return Object.fromEntries(Object.entries(lines).filter(([, some]) => some.length > 0));
}

const SYNCED: Outlook = { sync: {} };
const RUNS = endpoint(container(1));
const LIVE = `SRV ${srvValue()} live running`;
const HOST = 'A 10.0.0.1 live host-present';
const DEAD = agentSet({ owner: 90, port: 4711 });
const GONE = `SRV ${srvValue({ port: 4711 })}`;
const PLAIN_DEAD = simpleSet([srvValue({ port: 4711 })]);
const NAMELESS = {
  ...endpoint(container(3, { host: host(1), serviceNames: ['_"._tcp'] }), {
    serviceName: '_"._tcp',
    port: 1,
  }),
};

describe('what a switch changes', () => {
  it.each<Case>([
    {
      what: 'nothing in a zone that the agents have filled',
      zone: [hostSet(1), agentSet()],
      endpoints: [RUNS],
      next: SYNCED,
      is: { left: [HOST, LIVE] },
      changes: false,
    },
    {
      what: 'what is missing is registered',
      zone: [hostSet(1)],
      endpoints: [RUNS],
      next: SYNCED,
      is: { left: [HOST], gained: [`registered SRV ${srvValue()} missing`] },
      changes: true,
    },
    {
      what: 'what goes in any case is not the switch’s doing',
      zone: [hostSet(1), agentSet(), DEAD],
      endpoints: [RUNS],
      next: SYNCED,
      is: { left: [HOST, LIVE], eitherWay: [`removed ${GONE} task-gone`] },
      changes: false,
    },
    {
      what: 'a record that becomes managed goes when nothing is behind it',
      zone: [hostSet(1), simpleSet([srvValue(), srvValue({ port: 4711 })])],
      endpoints: [RUNS],
      next: { manage: MANAGE_ZONE },
      is: {
        left: [HOST, LIVE],
        entering: [LIVE, `${GONE} stale task-gone`],
        gained: [`removed ${GONE} task-gone`],
      },
      changes: true,
    },
    {
      what: 'a record that becomes managed and stays is a change of what is managed',
      zone: [hostSet(1), simpleSet([srvValue()])],
      endpoints: [RUNS],
      next: { manage: MANAGE_ZONE },
      is: { left: [HOST, LIVE], entering: [LIVE] },
      changes: true,
    },
    {
      what: 'the other way round it is left alone from then on',
      zone: [hostSet(1), PLAIN_DEAD],
      endpoints: [RUNS],
      now: { manage: MANAGE_ZONE },
      next: {},
      is: {
        left: [HOST],
        foreign: [`${GONE} foreign not-weighted`],
        leaving: [`${GONE} stale task-gone`],
        lost: [`removed ${GONE} task-gone`],
      },
      changes: true,
    },
    {
      what: 'without sync, what is missing stays missing',
      zone: [hostSet(1)],
      endpoints: [RUNS],
      now: SYNCED,
      next: {},
      is: { left: [HOST], lost: [`registered SRV ${srvValue()} missing`] },
      changes: true,
    },
    {
      what: 'another TTL is another record',
      zone: [hostSet(1)],
      endpoints: [RUNS],
      now: SYNCED,
      next: { sync: { ttl: 60 } },
      is: {
        left: [HOST],
        gained: [`registered SRV ${srvValue()} missing`],
        lost: [`registered SRV ${srvValue()} missing`],
      },
      changes: true,
    },
    {
      what: 'what was changed by hand is put right',
      zone: [hostSet(1), agentSet({}, { Weight: 9 })],
      endpoints: [RUNS],
      now: SYNCED,
      next: { sync: { correct: true } },
      is: { left: [HOST], gained: [`rewritten SRV ${srvValue()} corrected`] },
      changes: true,
    },
    {
      what: 'a guardrail lets go of what it holds now',
      zone: [hostSet(1), DEAD],
      endpoints: [],
      now: { limits: { allowEmpty: false } },
      next: { limits: { allowEmpty: true } },
      is: {
        gained: [`removed ${GONE} instance-gone`, 'removed A 10.0.0.1 instance-gone'],
      },
      changes: true,
    },
    {
      what: 'what is held back is told, and whether it is now',
      zone: [hostSet(1), DEAD, simpleSet([srvValue({ port: 4712 })])],
      endpoints: [],
      now: { limits: { allowEmpty: false } },
      next: { manage: MANAGE_ZONE, limits: { allowEmpty: false } },
      is: {
        left: [
          'A 10.0.0.1 stale instance-gone',
          `${GONE} stale instance-gone`,
          `SRV ${srvValue({ port: 4712 })} stale instance-gone`,
        ],
        entering: [`SRV ${srvValue({ port: 4712 })} stale instance-gone`],
        heldBack: [
          'A 10.0.0.1 stale instance-gone empty-inventory as now',
          `${GONE} stale instance-gone empty-inventory as now`,
          `SRV ${srvValue({ port: 4712 })} stale instance-gone empty-inventory`,
        ],
      },
      changes: true,
    },
    {
      what: 'what cannot be registered is told',
      zone: [hostSet(1)],
      endpoints: [NAMELESS],
      next: SYNCED,
      is: { left: [HOST], withheld: ['invalid-name'] },
      changes: false,
    },
    {
      what: 'and that it cannot be now, either',
      zone: [hostSet(1)],
      endpoints: [NAMELESS],
      now: SYNCED,
      next: { sync: { ttl: 60 } },
      is: { left: [HOST], withheld: ['invalid-name as now'] },
      changes: false,
    },
  ])('$what', (given) => {
    const comparison = comparePlans(decideFor(given, given.now ?? {}), decideFor(given, given.next));
    expect(told(comparison)).toEqual(given.is);
    expect(isChange(comparison)).toBe(given.changes);
  });
});

it('counts what is not managed as left alone only where nothing is done to it', () => {
  const plain: RecordSet = {
    Name: `web.${ZONE}.`,
    Type: 'CNAME',
    TTL: 60,
    ResourceRecords: [{ Value: 'a.example.com' }],
  };
  const own = { ...plain, SetIdentifier: 'ecs-dns:web', Weight: 1 };
  const other = { ...plain, Name: `www.${ZONE}.` };
  const given = { zone: [plain, other] };
  const decision = decideFor(given, {});
  const group: ChangeGroup = {
    key: recordSetKey(plain),
    changes: [
      { action: 'DELETE', recordSet: plain },
      { action: 'CREATE', recordSet: own },
    ],
    removed: [],
    reasons: ['corrected'],
    after: [],
  };
  const adopting = { ...decision, groups: [group] };
  expect(told(comparePlans(decision, adopting))).toEqual({
    foreign: ['CNAME a.example.com foreign record-type'],
    gained: ['rewritten CNAME a.example.com corrected'],
  });
});
