import { describe, expect, it } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import { addressSet, multiValueSet, ownSet, taskName, V6 } from '../addresses.ts';
import {
  agentSet,
  CALC,
  FAILING,
  FOREIGN,
  facts,
  GONE,
  HEALTHY,
  hostSet,
  INSTANCE_GONE,
  judged,
  STARTING,
  simpleSet,
  srvValue,
  ZONE,
} from '../support.ts';

const A = judged(INSTANCE_GONE, hostSet(1));
const toLabel: Partial<RecordSet> = {
  ResourceRecords: [{ Value: srvValue({ target: `ip-10-0-0-1.${ZONE}.` }) }],
};
const WEB: RecordSet = {
  Name: `web.${ZONE}.`,
  Type: 'CNAME',
  ResourceRecords: [{ Value: `ip-10-0-0-1.${ZONE}` }],
};
const toWeb = { ResourceRecords: [{ Value: srvValue({ target: `web.${ZONE}` }) }] };
const BY_CALC = `${CALC}.${ZONE} still points at its name`;
const TWIN = hostSet(1, { SetIdentifier: 'ip-10-0-0-1.ec2.internal' });

it.each<[string, ReturnType<typeof judged>[], number, string | undefined]>([
  ['nothing points at it', [A], 1, undefined],
  ['a live entry points at its host', [A, judged(HEALTHY, agentSet())], 0, BY_CALC],
  ['a live entry points at its own name', [A, judged(HEALTHY, agentSet({}, toLabel))], 0, BY_CALC],
  [
    'a live entry points at its bare label',
    [A, judged(HEALTHY, agentSet({}, { ResourceRecords: [{ Value: '1 1 80 ip-10-0-0-1' }] }))],
    0,
    BY_CALC,
  ],
  [
    'a live entry points at a CNAME that leads there',
    [A, judged(HEALTHY, agentSet({}, toWeb)), judged(FOREIGN, WEB)],
    0,
    BY_CALC,
  ],
  ['a CNAME leads there, at which nothing points', [A, judged(FOREIGN, WEB)], 1, undefined],
  ['an unverified entry points at it', [A, judged(STARTING, agentSet())], 0, BY_CALC],
  ['a foreign entry points at it', [A, judged(FOREIGN, simpleSet([srvValue()]))], 0, BY_CALC],
  ['an entry of another host', [A, judged(HEALTHY, agentSet({ target: 2 }))], 1, undefined],
  ['a stale entry points at it, and goes too', [judged(GONE, agentSet()), A], 2, undefined],
  ['an unhealthy entry points at it, and goes too', [A, judged(FAILING, agentSet())], 2, undefined],
  [
    'one goes, another stays',
    [A, judged(GONE, agentSet()), judged(HEALTHY, agentSet({ owner: 2 }))],
    1,
    BY_CALC,
  ],
  ['what points at it cannot be read', [A, judged(FOREIGN, simpleSet(['ip-10-0-0-1']))], 1, undefined],
  ['an A entry of the same value is no reference', [A, judged(HEALTHY, hostSet(2))], 1, undefined],
  ['an A entry with the same name is no reference', [A, judged(HEALTHY, TWIN)], 1, undefined],
])('%s', (_, entries, removed, detail) => {
  const { removals, heldBack } = guard(facts(entries));
  expect(removals).toHaveLength(removed);
  expect(heldBack).toEqual(
    detail === undefined ? [] : [{ judgement: A.judgement, guardrail: 'still-referenced', detail }],
  );
});

describe('the address of a task', () => {
  const points = judged(
    HEALTHY,
    agentSet({}, { ResourceRecords: [{ Value: srvValue({ target: `${taskName(1)}.` }) }] }),
  );
  const toApi = judged(
    HEALTHY,
    agentSet({}, { ResourceRecords: [{ Value: srvValue({ target: `api.${ZONE}.` }) }] }),
  );
  const goneOne = (set: RecordSet) => judged(GONE, set, { kind: 'malformed' });

  it.each<[string, RecordSet, ReturnType<typeof judged>, boolean]>([
    ['under its own name', ownSet(1), points, true],
    ['… of IPv6', ownSet(1, V6), points, true],
    ['… of another task', ownSet(2), points, false],
    ['under a name of many', addressSet(1), toApi, false],
    ['in a set of many', multiValueSet(['10.0.0.1']), toApi, false],
  ])('%s', (_, set, by, isHeld) => {
    const { removals, heldBack } = guard(facts([goneOne(set), by]));
    expect(removals).toHaveLength(isHeld ? 0 : 1);
    expect(heldBack.map(({ detail }) => detail)).toEqual(isHeld ? [BY_CALC] : []);
  });
});

it('an SRV entry that another guardrail holds still points at its name', () => {
  const far = {
    kind: 'host-unknown',
    hostName: 'db.example',
    containerId: undefined,
    address: undefined,
  } as const;
  const { removals, heldBack } = guard(facts([A, judged(GONE, agentSet(), far)]));
  expect(removals).toEqual([]);
  expect(heldBack.map(({ guardrail }) => guardrail)).toEqual(['still-referenced', 'host-not-covered']);
});

it('names the first entry that points at it', () => {
  const entries = [A, judged(HEALTHY, agentSet({ service: '_a._tcp' })), judged(HEALTHY, agentSet())];
  expect(guard(facts(entries)).heldBack.map(({ detail }) => detail)).toEqual([
    `_a._tcp.${ZONE} still points at its name`,
  ]);
});

it('holds the A set of whatever domain the entry says', () => {
  const twin = judged(INSTANCE_GONE, TWIN);
  const entries = [twin, judged(HEALTHY, agentSet({}, toLabel))];
  expect(guard(facts(entries)).removals).toEqual([]);
});

it('an A entry without identifier is pointed at by its own name alone', () => {
  const bare = judged(INSTANCE_GONE, hostSet(1, { SetIdentifier: undefined }));
  expect(guard(facts([bare, judged(HEALTHY, agentSet())])).removals).toEqual([bare]);
  expect(guard(facts([bare, judged(HEALTHY, agentSet({}, toLabel))])).removals).toEqual([]);
});

it('is not lifted by force', () => {
  expect(guard(facts([A, judged(HEALTHY, agentSet())], { force: true })).removals).toEqual([]);
});
