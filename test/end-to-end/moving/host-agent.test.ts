import { expect, test } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { Machine } from '../../../src/sandbox/world/machine.ts';
import { stopsTasks } from '../../stopped-tasks.ts';
import { cliEnv, runCli } from '../support.ts';
import { beginSync } from './begin-sync.ts';
import { NAMES, runAgent10, START_AGENT, STOP_AGENT, startAgents14 } from './host-agents.ts';
import { openPredecessor } from './predecessor.ts';
import { RUNS, type Walk, walk } from './walk.ts';
import { expectDifferences, type Permitted } from './zone-difference.ts';

type Opened = Awaited<ReturnType<typeof openPredecessor>>;

const LIST = `TASK=$(aws ecs list-tasks --cluster storefront --service-name users --query 'taskArns[0]' --output text)`;
const STOP = 'aws ecs stop-task --cluster storefront --task "$TASK"';

/** What the agents have done wrong, and the worker has put right. */
const PUT_RIGHT: readonly Permitted[] = [
  { line: '- _orders._tcp', why: 'the record has outlived its container' },
  { line: '+ _orders._tcp', why: 'the agent has missed the container' },
];
/** What follows from the task that is stopped in step 5. */
const REPLACED: readonly Permitted[] = [
  { line: '- _users._tcp', why: 'the task was stopped' },
  { line: '+ _users._tcp', why: 'its successor runs' },
];

test('every command of the page on host agents 1.4–1.6, and back to the zone that they would have made', async () => {
  stopsTasks();
  const opened = await openPredecessor('host-agent-1.4', NAMES);
  const { zone, look, expectAllLive, url, queueUrl } = opened;
  const before = zone.list();
  let moved: readonly RecordSet[] = [];

  await walk(
    [
      ...beginSync(opened, PUT_RIGHT),
      ...latency(opened),
      [STOP_AGENT, () => {}],
      [
        'ecs-dns plan --policy sync --detailed-exitcode',
        ({ code }) => {
          expect(code).toBe(0);
          moved = zone.list();
          expectDifferences(before, moved, [...PUT_RIGHT, ...REPLACED]);
        },
      ],
      [
        START_AGENT,
        () => {
          startAgents14(opened);
          expect(zone.list()).toEqual(moved);
        },
      ],
      ['export ECS_DNS_POLICY=prune', () => {}],
      ['ecs-dns plan --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
    ],
    {
      page: 'docs/moving/host-agent-1.4.md',
      url,
      variables: { QUEUE_URL: queueUrl },
      look,
    },
  );
  expect(zone.list()).toEqual(moved);
  await expectAllLive();
});

test('every command of the page on host agents 1.0–1.3, and back', async () => {
  stopsTasks();
  const opened = await openPredecessor('host-agent-1.0', NAMES);
  const { world, zone, look, expectAllLive, url, queueUrl } = opened;
  const before = zone.list();
  const hosts: Permitted = {
    line: /^\+ ip-\S+ A /,
    times: 6,
    why: 'these agents wrote no addresses of hosts',
  };
  const machines = [...world.machines.values()];
  const [first, ...others] = machines as [Machine, ...Machine[]];
  let moved: readonly RecordSet[] = [];

  await walk(
    [
      ...beginSync(opened, [...PUT_RIGHT, hosts]),
      ...latency(opened),
      [STOP_AGENT, () => {}],
      [
        'ecs-dns plan --policy sync --detailed-exitcode',
        ({ code }) => {
          expect(code).toBe(0);
          expectDifferences(before, zone.list(), [...PUT_RIGHT, ...REPLACED, hosts]);
        },
      ],
      ['export ECS_DNS_POLICY=sync', () => {}],
      ['ecs-dns compare --correct', () => {}],
      [
        'ecs-dns apply --correct --yes',
        () => {
          moved = zone.list();
          expectDifferences(before, moved, [
            ...PUT_RIGHT,
            ...REPLACED,
            hosts,
            {
              line: /^~ \S+ SRV 1 1 \d+ (ip-\S+): SetIdentifier "([0-9a-f]{64})" → "\1:\2"$/,
              times: 7,
              why: 'each identifier becomes that of today, and nothing else of a record changes',
            },
          ]);
        },
      ],
      ['export ECS_DNS_POLICY=prune', () => {}],
      [START_AGENT, () => runAgent10(opened, first)],
      ['ecs-dns apply --yes', () => expect(zone.list()).toEqual(moved)],
    ],
    {
      page: 'docs/moving/host-agent-1.0.md',
      url,
      variables: { QUEUE_URL: queueUrl },
      look,
    },
  );
  await expectAllLive();

  // Then as the page says: the other hosts, and a deployment of everything.
  for (const host of others) {
    runAgent10(opened, host);
    await apply(opened);
  }
  expect(zone.list()).toEqual(moved);
  for (const host of machines) {
    await opened.replaceAllOn(host);
    runAgent10(opened, host);
    await apply(opened);
    await expectAllLive();
  }
  const byAgents = zone.list();
  const isOfAgents = ({ Type, SetIdentifier = '' }: RecordSet) =>
    Type === 'SRV' && /[0-9a-f]{64}$/.test(SetIdentifier);
  for (const set of byAgents.filter(isOfAgents)) zone.delete(set);
  for (const host of machines) runAgent10(opened, host);
  expect(zone.list()).toEqual(byAgents);
  const ofServices = (sets: readonly RecordSet[]) => sets.filter(({ Type }) => Type !== 'SRV');
  expectDifferences(ofServices(before), ofServices(byAgents), [hosts]);
});

/** A run of the worker under `prune`, by itself. */
async function apply({ url, zone }: Opened): Promise<void> {
  const env = { ...cliEnv(url), ECS_DNS_ZONE: zone.id };
  const { code, stderr } = await runCli(['apply', '--yes'], env);
  expect({ code, stderr }).toMatchObject({ code: 0 });
}

/** Step 5: a task is told to stop over the API of ECS; its record goes, and then its successor gets one. */
function latency({ aws, goOn }: Opened): Walk {
  return [
    ['ecs-dns watch --policy sync --events "$QUEUE_URL"', ({ prints }) => prints(RUNS)],
    [LIST, () => aws.listTasks(LIST)],
    [
      STOP,
      async ({ prints }) => {
        const removed = prints(/removed _users\._tcp SRV/);
        const registered = prints(/registered _users\._tcp SRV/);
        await aws.stopTask(STOP);
        await removed;
        await goOn();
        await registered;
      },
    ],
  ];
}
