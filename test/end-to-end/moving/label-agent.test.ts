import { expect, test } from 'vitest';
import { labelAgentRecord } from '../../../src/sandbox/fleet/predecessors.ts';
import { endpointsOf } from '../../../src/sandbox/fleet/world-endpoints.ts';
import { answers, identifiers, openPredecessor } from './predecessor.ts';
import { opening, walk } from './walk.ts';

const BLOCK = 142;
const NAMES = ['carts', 'prices', 'search', 'shop'];

test('every command of the page on the label agent, and back', async () => {
  const opened = await openPredecessor('label-agent', BLOCK);
  const { zone, world, sets, running, replaceOne } = opened;
  const before = zone.list();
  const own = () => sets('A').filter(({ Name }) => NAMES.includes(Name.split('.')[0] ?? ''));
  const others = () => zone.list().filter((set) => !own().includes(set));
  const foreign = others();
  /** Each task that runs, under the name of its service. */
  const runs = () =>
    running().map((task) => {
      const [endpoint] = endpointsOf(world, [task]);
      return `${task.group.replace('service:', '')}.${zone.name} A ${endpoint?.address}`;
    });

  await walk(
    [
      ...opening('--policy sync --events "$QUEUE_URL"'),
      [
        'ecs-dns compare',
        ({ code, stdout }) => {
          expect(code).toBe(0);
          expect(stdout).toMatch('would register 4 entries, remove none');
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
          expect(answers(own())).toEqual(runs().toSorted());
          expect(identifiers(own()).filter((id) => id.endsWith('.'))).toHaveLength(3);
        },
      ],
      [
        'ecs-dns watch --policy sync --events "$QUEUE_URL"',
        async ({ prints }) => {
          await prints(/INFO {2}[0-9a-f]{8} run /);
        },
      ],
      [
        'aws ecs update-service --cluster storefront --service shop --force-new-deployment',
        async ({ prints }) => {
          const written = prints(/registered shop A/);
          await replaceOne('shop');
          await written;
          await expect.poll(() => answers(own())).toEqual(runs().toSorted());
        },
      ],
      ['aws ecs update-service --cluster storefront --service label-agent --desired-count 0', () => {}],
      ['ecs-dns plan --policy sync --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
      ['export ECS_DNS_POLICY=sync', () => {}],
      [
        'ecs-dns compare --correct',
        ({ code, stdout }) => {
          expect(code).toBe(0);
          expect(stdout).toMatch('Only with the switch, rewritten: 3 entries.');
        },
      ],
      [
        'ecs-dns apply --correct --yes',
        ({ code }) => {
          expect(code).toBe(0);
          for (const id of identifiers(own())) expect(id).toMatch(/^ecs-dns:.*\/storefront\/[0-9a-f]{32}$/);
          expect(answers(own())).toEqual(runs().toSorted());
        },
      ],
      [
        'aws ecs update-service --cluster storefront --service label-agent --desired-count 3',
        () => {
          // The last task of each name, as the agents write it when one starts.
          for (const run of runs()) {
            const [name = '', , address = ''] = run.split(' ');
            zone.put(labelAgentRecord(opened, name.split('.')[0] ?? '', address));
          }
        },
      ],
      ['export ECS_DNS_POLICY=prune', () => {}],
      [
        'ecs-dns plan --detailed-exitcode',
        ({ code }) => {
          expect(code).toBe(0);
          expect(answers(own())).toEqual(runs().toSorted());
          expect(identifiers(own()).filter((id) => id.endsWith('.'))).toHaveLength(NAMES.length);
        },
      ],
    ],
    {
      page: 'docs/moving/label-agent.md',
      url: opened.url,
      variables: { QUEUE_URL: opened.queueUrl },
      block: BLOCK,
    },
  );
  expect(others()).toEqual(foreign);
});
