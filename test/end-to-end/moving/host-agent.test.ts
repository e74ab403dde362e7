import { expect, test } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { Predecessor } from '../../../src/sandbox/fleet/predecessors.ts';
import { endpointsOf } from '../../../src/sandbox/fleet/world-endpoints.ts';
import type { Task } from '../../../src/sandbox/world/ecs-shapes.ts';
import { type KnownContainer, startAgent } from '../../outages/old-agents.ts';
import { answers, identifiers, openPredecessor } from './predecessor.ts';
import { opening, walk } from './walk.ts';

const STOP = `aws ssm send-command --document-name AWS-RunShellScript --instance-ids i-0123456789abcdef0 --parameters 'commands=["systemctl stop ecssd_agent"]'`;
const START = STOP.replace('stop', 'start');

type Opened = Awaited<ReturnType<typeof openPredecessor>>;

/** What an agent 1.4–1.6 does on each host when it is started: it registers what runs, and takes out what it does not know. */
function startAgents14({ world, zone, running }: Opened): void {
  for (const { privateDnsName, address, containerInstance } of world.machines.values()) {
    const here = running().filter(
      (one) => one.containerInstanceArn === containerInstance?.containerInstanceArn,
    );
    startAgent(
      zone,
      privateDnsName,
      address,
      here.map((task) => known(world, task)),
    );
  }
}

/** One before 1.4 registers what runs by the Docker id alone, and takes nothing out. */
function startAgents10({ world, zone, running }: Opened): void {
  for (const task of running()) {
    const { containerId, name, port } = known(world, task);
    const machine = [...world.machines.values()].find(
      (one) => one.containerInstance?.containerInstanceArn === task.containerInstanceArn,
    );
    const ResourceRecords = [{ Value: `1 1 ${port} ${machine?.privateDnsName}` }];
    zone.put({
      Name: `${name}.${zone.name}`,
      Type: 'SRV',
      SetIdentifier: containerId,
      Weight: 1,
      TTL: 0,
      ResourceRecords,
    });
  }
}

function known(world: Opened['world'], task: Task): KnownContainer {
  const [endpoint] = endpointsOf(world, [task]);
  const containerId = task.containers[0]?.runtimeId ?? '';
  return { containerId, name: `_${task.group.replace('service:', '')}._tcp`, port: endpoint?.port ?? 0 };
}

interface Form {
  readonly startAgents: (opened: Opened) => void;
  /** How many records are registered beside the agents, and how many are moved at the end. */
  readonly missing: number;
  readonly moved: number;
}

const FORMS: readonly (readonly [Predecessor, number, Form])[] = [
  // The addresses of six hosts, which these agents did not write, and the container that was missed.
  ['host-agent-1.0', 214, { startAgents: startAgents10, missing: 7, moved: 8 }],
  ['host-agent-1.4', 215, { startAgents: startAgents14, missing: 1, moved: 0 }],
];

test.each(FORMS)(
  'every command of the page on host agents, from %s and back',
  async (system, block, form) => {
    const opened = await openPredecessor(system, block);
    const { zone, world, sets, running, replaceOne } = opened;
    const before = zone.list();
    const own = ({ Type, SetIdentifier = '' }: RecordSet) =>
      Type === 'A' || (Type === 'SRV' && /[0-9a-f]{64}$/.test(SetIdentifier));
    const foreign = before.filter((set) => !own(set));
    const srv = () => sets('SRV').filter(own);
    const runs = () =>
      running()
        .map((task) => known(world, task).containerId)
        .toSorted();
    const registered = () => [...new Set(identifiers(srv()).map((id) => id.slice(-64)))].toSorted();

    await walk(
      [
        ...opening('--policy sync --events "$QUEUE_URL"'),
        [
          'ecs-dns compare',
          ({ code, stdout }) => {
            expect(code).toBe(0);
            const entries = form.missing === 1 ? '1 entry' : `${form.missing} entries`;
            expect(stdout).toMatch(`would register ${entries}, remove none`);
            expect(zone.list()).toEqual(before);
          },
        ],
        [
          'ecs-dns plan --policy sync',
          ({ code, stdout }) => {
            expect(code).toBe(0);
            expect(stdout).toMatch('To remove: 1 entry.');
            expect(zone.list()).toEqual(before);
          },
        ],
        [
          'ecs-dns apply --policy sync --yes',
          ({ code }) => {
            expect(code).toBe(0);
            expect(registered()).toEqual(runs());
            expect(zone.list()).toHaveLength(before.length + form.missing - 1);
          },
        ],
        [
          'ecs-dns watch --policy sync --events "$QUEUE_URL"',
          async ({ prints }) => {
            await prints(/INFO {2}[0-9a-f]{8} run /);
          },
        ],
        [
          'aws ecs update-service --cluster storefront --service users --force-new-deployment',
          async ({ prints }) => {
            const written = prints(/registered _users\._tcp SRV/);
            await replaceOne('users');
            await written;
            await expect.poll(registered).toEqual(runs());
          },
        ],
        [STOP, () => {}],
        [
          'ecs-dns plan --policy sync --detailed-exitcode',
          ({ code }) => {
            expect(code).toBe(0);
          },
        ],
        ['export ECS_DNS_POLICY=sync', () => {}],
        [
          'ecs-dns compare --correct',
          ({ code, stdout }) => {
            expect(code).toBe(0);
            if (form.moved > 0) expect(stdout).toMatch(/Only with the switch, rewritten: \d entr/);
            else expect(stdout).not.toMatch('rewritten');
          },
        ],
        [
          'ecs-dns apply --correct --yes',
          ({ code }) => {
            expect(code).toBe(0);
            for (const { SetIdentifier } of srv()) expect(SetIdentifier).toMatch(/^ip-.*:[0-9a-f]{64}$/);
            expect(registered()).toEqual(runs());
          },
        ],
        [
          START,
          () => {
            form.startAgents(opened);
          },
        ],
        ['export ECS_DNS_POLICY=prune', () => {}],
        [
          'ecs-dns plan --detailed-exitcode',
          ({ code }) => {
            expect(code).toBe(0);
            expect(registered()).toEqual(runs());
          },
        ],
      ],
      {
        page: 'docs/moving/host-agent.md',
        url: opened.url,
        variables: { QUEUE_URL: opened.queueUrl },
        block,
      },
    );

    const after = new Set(zone.list().map((set) => JSON.stringify(set)));
    for (const set of foreign) expect(after).toContain(JSON.stringify(set));
    expect(answers(srv())).toHaveLength(running().length);
  },
);
