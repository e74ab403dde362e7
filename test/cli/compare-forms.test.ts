import { expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { comparisonSchema } from '../../src/report/comparison-schema.ts';
import { addService, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { runHere } from './support.ts';

const HOST = 'ip-10-0-9-9.ec2.internal';
const ID = 'a'.repeat(64);

function set(name: string, Type: string, over: Partial<RecordSet>, ...values: readonly string[]): RecordSet {
  const ResourceRecords = values.map((Value) => ({ Value }));
  return { Name: `${name}.${ZONE_NAME}.`, Type, TTL: 0, ResourceRecords, ...over };
}

/** Two of each form, so that none is told by chance; of several values some, which count once. */
const SETS: readonly RecordSet[] = ['a', 'b'].flatMap((n) => [
  set(`_${n}._tcp`, 'SRV', { SetIdentifier: ID, Weight: 1 }, `1 1 80 ${HOST}`),
  set(`_${n}._tcp`, 'SRV', { SetIdentifier: `${HOST}:${ID}`, Weight: 1 }, `1 1 80 ${HOST}`),
  set(`node-${n}`, 'A', { SetIdentifier: `node-${n}`, Weight: 1 }, '10.0.9.9'),
  set(n, 'A', { SetIdentifier: `${n}.${ZONE_NAME}.`, Weight: 1 }, '10.0.9.9'),
  set(`web-${n}`, 'CNAME', { TTL: 60 }, `lb-${n}.us-east-1.elb.amazonaws.com`),
  set(`all-${n}`, 'A', { SetIdentifier: 'all', MultiValueAnswer: true }, '10.0.9.8', '10.0.9.9'),
  set(`other-${n}`, 'TXT', {}, '"mine"'),
]);

test('compare counts what is not managed and looks as an older tool writes it, by form', async () => {
  const fleet = newFleet();
  for (const one of SETS) fleet.zone.put(one);
  const server = await serve(fleet.world);
  const env = {
    ECS_DNS_ZONE: ZONE_NAME,
    ECS_DNS_HEALTH_ENABLED: 'false',
    ECS_DNS_HEALTH_ALLOW: '127.0.0.0/8',
  };
  const compare = (...args: readonly string[]) => runHere(['compare', ...args], server.url, { env });

  const narrow = await compare('--manage', '_x.*', '--output', 'json');
  const wide = await compare('--output', 'json');
  const text = await compare('--manage', '_x.*');

  const forms = ({ stdout }: typeof narrow) => comparisonSchema.parse(JSON.parse(stdout)).agentForms;
  const all = [
    { form: 'host-agent-1.0', writer: 'host agent 1.0–1.3', recordSets: 2 },
    { form: 'host-agent-1.4', writer: 'host agent 1.4–1.6', recordSets: 4 },
    { form: 'label-agent', writer: 'label agent', recordSets: 2 },
    { form: 'cname-lambda', writer: 'CNAME Lambda', recordSets: 2 },
    { form: 'multi-value-fork', writer: 'forks of the agents', recordSets: 2 },
  ];
  expect(forms(narrow)).toEqual(all);
  // By the convention all is managed but hosts of another name, CNAMEs, and what forks write.
  expect(forms(wide)).toEqual([{ ...all[1], recordSets: 2 }, ...all.slice(3)]);
  const lines = text.stdout.split('\n');
  const head = lines.indexOf('Not managed, and in the form of an older tool:');
  for (const [index, { writer, recordSets }] of all.entries())
    expect(lines[head + 2 + index]).toMatch(new RegExp(`${writer}\\s+${recordSets} record sets`));
});

test('compare prints a comment for a pull request: the answer, then the lists, folded', async () => {
  const fleet = newFleet();
  const { service } = addService(fleet, '_orders._tcp', { live: 2, stale: 1 });
  fleet.run(service, { machine: fleet.machine(service.cluster, 1) });
  const server = await serve(fleet.world);
  const env = { ECS_DNS_ZONE: ZONE_NAME, ECS_DNS_HEALTH_ENABLED: 'false' };

  const args = ['compare', '--policy', 'sync', '--all', '--output', 'markdown'];
  const { code, stdout, stderr } = await runHere(args, server.url, { env });
  const titles = [...stdout.matchAll(/<summary>(.*)<\/summary>/g)].map(([, title]) => title);

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^### ecs-dns compare: `servicediscovery\.internal\.`\n\nSwitching policy from `prune` to `sync` would register 3 entries, /,
  );
  expect(titles).toEqual([
    'Only with the switch, registered: 3 entries',
    'With the switch or without, removed: 1 entry',
    'Left as live: 2 entries',
    'To put right: 1 notice',
  ]);
  expect(stdout).toMatch(
    /\n\| `_orders\._tcp\.servicediscovery\.internal\.` \| `SRV` \| `1 1 \d+ ip-[^`]+` \| `missing` \| {2}\|\n/,
  );
  expect(stdout).toMatch(
    / Nothing was changed\. To switch, set policy: `sync` in the settings of the runs themselves\.\n$/,
  );
});
