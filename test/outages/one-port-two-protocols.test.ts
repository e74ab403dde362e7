import { expect, test } from 'vitest';
import { valuesOf } from '../../src/model/record-set.ts';
import { listen, newFleet, openWorker, PROBING, serve } from '../end-to-end/support.ts';

test('a port over TCP and UDP is registered once, and checked over TCP', async () => {
  const fleet = newFleet({ machines: 1 });
  const cluster = fleet.world.cluster('blue');
  const port = { containerPort: 5353, hostPort: 0 };
  const service = fleet.addService({
    name: '_dns._tcp',
    mode: 'bridge',
    cluster,
    portMappings: [port, { ...port, protocol: 'udp' }],
  });
  const hostPorts = { '5353': 20_053 };
  fleet.run(service, { machine: fleet.machine(cluster, 0), containers: { app: { hostPorts } } });
  const containers = await listen(fleet);
  const server = await serve(fleet.world);
  const worker = openWorker(server, { ...PROBING, '--policy': 'sync' });

  const { withheld } = await worker.apply();
  const after = await worker.apply();

  const values = fleet.zone.list().flatMap((set) => (set.Type === 'SRV' ? valuesOf(set) : []));
  expect(values).toEqual([`1 1 20053 ${fleet.machine(cluster, 0).privateDnsName}`]);
  expect(withheld).toEqual([]);
  expect(after.changes).toEqual([]);
  expect(containers.connections(fleet.machine(cluster, 0).address, 20_053)).toBe(2);
});
