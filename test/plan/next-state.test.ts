import { describe, expect, it } from 'vitest';
import { areaOf } from '../../src/model/cluster.ts';
import { entryKey } from '../../src/model/entry.ts';
import type { Host, Inventory } from '../../src/model/inventory.ts';
import { EMPTY_STATE, type RunState, type SeenHost } from '../../src/model/run-state.ts';
import type { MissingTasks } from '../../src/model/running-tasks.ts';
import type { Removable } from '../../src/plan/judge/judge-entries.ts';
import { nextState, type RunEnd } from '../../src/plan/next-state.ts';
import type { Observation } from '../../src/plan/observation.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { BLUE } from '../clusters.ts';
import {
  agentSet,
  container,
  dockerId,
  endpoint,
  FAILING,
  GONE,
  host,
  hostName,
  hostSet,
  inventory,
  judged as judgedAs,
  leadsTo,
  NO_LIMITS,
  several,
} from './support.ts';

const HOUR = 3_600_000;
const NOW = 100 * 24 * HOUR;
const THRESHOLDS = { unhealthyThreshold: 3, healthyThreshold: 1 };
const END: RunEnd = { id: 'run-2', startedAt: NOW - 5, finishedAt: NOW + 5, applied: [], confirmed: [] };

interface Given {
  readonly state?: Partial<RunState>;
  readonly hosts?: readonly Host[];
  readonly known?: Inventory;
  readonly missing?: MissingTasks;
  readonly force?: boolean;
  readonly plan?: Partial<Plan>;
  readonly end?: Partial<RunEnd>;
}

/** Of an observation and a plan, only what is looked at. */
function after({
  state = {},
  hosts = [],
  known = inventory([], { hosts }),
  missing,
  force = false,
  plan = {},
  end = {},
}: Given): RunState {
  const observation = { state: { ...EMPTY_STATE, ...state }, inventory: known, missing, now: NOW };
  const made = {
    judged: [],
    desiredRecords: [],
    unregistered: [],
    removing: [],
    networkSelfTests: [],
    ...plan,
  };
  return nextState(observation as unknown as Observation, made as unknown as Plan, { ...END, ...end }, {
    health: THRESHOLDS,
    limits: { ...NO_LIMITS, force },
  } as unknown as Policy);
}

/** The group that removes an entry. */
const groupOf = ({ judgement: { entry } }: Removable) => ({
  key: entry.setIdentifier ?? '',
  changes: [{ action: 'DELETE' as const, recordSet: entry.recordSet }],
  removed: [],
  reasons: [],
  after: [],
});

it('is of this run, and of nothing else where nothing was there before', () => {
  const { id, startedAt, finishedAt } = END;
  const running = { tasks: new Map(), shrunkSince: undefined };
  expect(after({})).toEqual({ ...EMPTY_STATE, running, lastRun: { id, startedAt, finishedAt } });
});

it('counts failures on', () => {
  const judged = several(1, FAILING, 'api', leadsTo());
  const once = after({ plan: { judged } });
  const twice = after({ plan: { judged }, state: once });
  expect([...twice.health.values()]).toEqual([{ failing: 2, passing: 0 }]);
});

it('has the removals of the last hour, and those of this run that were carried out', () => {
  const removing = [...several(2, GONE), ...several(3, FAILING, 'api', leadsTo())] as Removable[];
  const applied = removing.slice(1).map(groupOf);
  const removals = [
    { at: NOW - HOUR, stale: 1, unhealthy: 1 },
    { at: NOW - HOUR + 1, stale: 9, unhealthy: 9 },
  ];
  expect(after({ state: { removals }, plan: { removing }, end: { applied } }).removals).toEqual([
    removals[1],
    { at: END.finishedAt, stale: 1, unhealthy: 3 },
  ]);
  expect(after({ state: { removals }, plan: { removing } }).removals).toEqual([removals[1]]);
});

it('has the hosts that were seen, by name and by address, for a week', () => {
  const old = { instanceId: 'i-9', address: undefined, vpcId: undefined, clusterArn: 'arn:old' };
  const hosts = new Map<string, SeenHost>([
    ['10.0.0.1', { ...old, seenAt: NOW - 1 }],
    ['kept', { ...old, seenAt: NOW - 7 * 24 * HOUR + 1 }],
    ['forgotten', { ...old, seenAt: NOW - 7 * 24 * HOUR }],
  ]);
  const seen = {
    instanceId: 'i-1',
    address: '10.0.0.1',
    vpcId: 'vpc-1',
    clusterArn: BLUE.arn,
    seenAt: NOW,
  };
  const nameless = host(2, { privateDnsName: undefined, address: undefined });
  expect(after({ state: { hosts }, hosts: [host(1, { vpcId: 'vpc-1' }), nameless] }).hosts).toEqual(
    new Map([
      ['10.0.0.1', seen],
      ['kept', hosts.get('kept')],
      [hostName(1), seen],
    ]),
  );
});

it('has the containers that entries name, and that are, or were, of a cluster', () => {
  const named = [agentSet(), ...[2, 3, 4].map((owner) => agentSet({ owner })), hostSet(1)];
  const key = (n: number) => dockerId(n).slice(0, 12);
  const known = inventory([endpoint(container(1)), endpoint(container(5, { id: undefined }))]);
  const { containers } = after({
    known,
    state: { containers: new Map([key(2), key(9)].map((one) => [one, 'an area'])) },
    plan: { judged: named.map((set) => judgedAs(GONE, set)) },
  });
  expect(containers).toEqual(
    new Map([
      [key(1), areaOf(BLUE.arn)],
      [key(2), 'an area'],
    ]),
  );
});

it('knows since when what was confirmed is so in every run; what was not, or is gone, starts over', () => {
  const removing = several(2, GONE) as Removable[];
  const [going, failed] = removing.map(({ judgement }) => entryKey(judgement.entry));
  const applied = removing.slice(0, 1).map(groupOf);
  const keys = [going ?? '', failed ?? '', 'before', 'new'];
  const staleSince = new Map(
    [...keys, 'answers again'].filter((key) => key !== 'new').map((key) => [key, 7]),
  );
  const { staleSince: next } = after({
    state: { staleSince },
    plan: { removing },
    end: { applied, confirmed: keys },
  });
  expect(next).toEqual(
    new Map([
      [failed, 7],
      ['before', 7],
      ['new', NOW],
    ]),
  );
});

describe('the tasks that run', () => {
  const KEY = `${BLUE.arn} api`;
  const known = inventory([endpoint(container(1, { ecsService: 'api' }))]);
  const now = { tasks: new Map([[KEY, 1]]), shrunkSince: undefined };
  const before = { tasks: new Map([[KEY, 20]]), shrunkSince: undefined };
  const missing = { before: 20, services: new Map([[KEY, { missing: 19, running: 1 }]]) };
  const since = (ms: number) => ({ ...before, shrunkSince: NOW - ms });
  const unread = {
    scope: 'clusters',
    operation: 'ecs:ListClusters',
    error: 'no',
    hides: 'endpoints',
  } as const;

  it.each<[string, Given, RunState['running']]>([
    ['are those of this run', { known }, now],
    ['whatever ran before, as long as it is explained', { known, state: { running: since(5) } }, now],
    [
      'stay those of before where not all was read',
      { known: inventory([], { incomplete: [unread] }), state: { running: since(5) } },
      since(5),
    ],
    ['stay so while too many are missing', { known, missing, state: { running: before } }, since(0)],
    ['and since when is known', { known, missing, state: { running: since(HOUR - 1) } }, since(HOUR - 1)],
    ['until that is believed', { known, missing, state: { running: since(HOUR) } }, now],
    ['or an operator says so', { known, missing, force: true, state: { running: since(1) } }, now],
  ])('%s', (_, given, running) => {
    expect(after(given).running).toEqual(running);
  });
});
